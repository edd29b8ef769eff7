package dev.ucode.os;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Other processes of this machine. */
public final class Processes {
  /** The system tells a start time in ticks since a boot time that a clock correction moves. */
  private static final Duration SAME_START = Duration.ofSeconds(2);

  private Processes() {}

  /** This process's id. */
  public static long own() {
    return ProcessHandle.current().pid();
  }

  /** When the process of that id began, or null where there is none or the system does not tell. */
  public static @Nullable Instant startOf(long pid) {
    Optional<ProcessHandle> handle = pid <= 0 ? Optional.empty() : ProcessHandle.of(pid);
    return handle.isEmpty() || !handle.get().isAlive()
        ? null
        : handle.get().info().startInstant().orElse(null);
  }

  /**
   * Whether the process of that id is the one meant and still runs.
   *
   * @param start when the one meant began: ids are used again; null where that is not known
   */
  public static boolean isAlive(long pid, @Nullable Instant start) {
    Optional<ProcessHandle> handle = pid <= 0 ? Optional.empty() : ProcessHandle.of(pid);
    if (handle.isEmpty() || !handle.get().isAlive()) {
      return false;
    }
    Instant began = handle.get().info().startInstant().orElse(null);
    return start == null
        || began == null
        || Duration.between(start, began).abs().compareTo(SAME_START) <= 0;
  }

  /**
   * Starts a program that outlives us, with nothing of ours open and nothing to read or to print
   * to.
   *
   * @param environment added to our own
   */
  public static void startDetached(
      List<String> command, Map<String, String> environment, Path folder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(Redirect.DISCARD);
    builder.redirectError(Redirect.DISCARD);
    builder.start();
  }
}
