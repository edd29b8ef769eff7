package dev.ucode.store;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far sessions have been read. */
public interface Sessions {
  /** What is known of a session, or null. */
  @Nullable SessionState find(AgentId agent, SessionId session);

  /** All of which more is expected, those heard of last first. */
  List<SessionState> living();

  /** Writes down what is known of a session. */
  void put(SessionState state);

  /**
   * Writes down a reading, all of it or nothing: the session's new position, the traces, and what
   * is to be delivered of them. What is known already (a trace that was assembled before, a span
   * that was sent) stays as it is and is counted.
   */
  Stored harvest(Harvest harvest);

  /** What was new in a harvest. */
  record Stored(int traces, int spans) {}
}
