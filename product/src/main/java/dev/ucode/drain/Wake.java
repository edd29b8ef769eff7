package dev.ucode.drain;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Wakes the worker for a command, which also heals a hint that names a process long gone. */
public final class Wake {
  private final Path root;
  private final Path hook;

  /**
   * @param root ucode's own folder
   * @param hook the hook script, which knows how to start a worker that outlives us
   */
  public Wake(Path root, Path hook) {
    this.root = root;
    this.hook = hook;
  }

  /**
   * Leaves an event that says nothing, which makes the worker read every session on and try again
   * what waits, and sees to it that there is a worker.
   */
  public void knock() throws IOException {
    Path inbox = root.resolve("spool").resolve("inbox");
    AtomicFiles.createFolders(inbox);
    AtomicFiles.write(
        inbox.resolve("wake." + Processes.own() + ".json"), new byte[0], AtomicFiles.PRIVATE);
    Processes.startDetached(
        List.of(hook.toString(), "/", "/", "wake"), Map.of("UCODE_HOME", root.toString()), root);
  }

  /** How often a command looks whether the worker is done. */
  static final Duration LOOK = Duration.ofMillis(50);
}
