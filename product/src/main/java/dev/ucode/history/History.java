package dev.ucode.history;

import dev.ucode.problem.UserException;
import java.util.List;

/** Turns to look at, wherever they lie. */
public interface History {
  /**
   * The latest turns, the newest first.
   *
   * @throws UserException where they cannot be had
   */
  List<TurnLine> latest(int most);

  /**
   * One turn.
   *
   * @param id a trace's id, the beginning of one that is the only one to begin so, or {@code
   *     latest}
   * @throws UserException where there is none, several, or they cannot be had
   */
  TurnTree show(String id);

  /** Where nothing has been kept yet. */
  History EMPTY =
      new History() {
        @Override
        public List<TurnLine> latest(int most) {
          return List.of();
        }

        @Override
        public TurnTree show(String id) {
          throw Wanted.none(id);
        }
      };
}
