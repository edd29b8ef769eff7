package dev.ucode.os;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Other programs of the machine, run to their end with nothing on their standard input. */
public interface Programs {
  /** The program of that name on {@code PATH}, or null. */
  @Nullable Path find(String name);

  /**
   * Runs a program to its end.
   *
   * @param environment variables set for it on top of ours
   * @param patience after which it is killed, with what it started
   * @throws IOException where it cannot be started
   */
  Outcome run(List<String> command, Map<String, String> environment, Path folder, Duration patience)
      throws IOException;

  /**
   * How it ended.
   *
   * @param exit its exit code; -1 where it was killed for taking too long
   * @param out its standard output as UTF-8, at most the first megabyte
   * @param err its standard error likewise
   */
  record Outcome(int exit, String out, String err) {
    public boolean timedOut() {
      return exit == -1;
    }
  }
}
