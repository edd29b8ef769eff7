package dev.ucode.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder this program runs from: launcher, hook script, jars, runtime.
 *
 * <p>It is named for its content and never changes; an upgrade is another folder. So what is
 * written into other programs' settings must not name it but the link that follows upgrades.
 *
 * @param home the folder itself, without links
 */
public record Distribution(Path home) {
  /** Where the launcher says we are; null where the program was started without it. */
  public static @Nullable Distribution ofProcess() {
    // Asking a class for its own place gives the folder where the start-up cache was made.
    String home = System.getProperty("ucode.home");
    return home == null ? null : new Distribution(Path.of(home));
  }

  /**
   * The launcher's path that stays right over upgrades: through the link beside the folder of
   * versions ({@code current} of an installation, {@code ucode-0.1.0} of a build), where it points
   * here; else the folder's own.
   */
  public Path launcher() throws IOException {
    Path versions = home.getParent();
    Path base = versions == null || !versions.endsWith("versions") ? null : versions.getParent();
    if (base != null) {
      try (Stream<Path> neighbours = Files.list(base)) {
        List<Path> links = neighbours.filter(Files::isSymbolicLink).sorted().toList();
        for (Path link : links) {
          if (Files.isDirectory(link) && Files.isSameFile(link, home)) {
            return link.resolve("bin/ucode");
          }
        }
      }
    }
    return home.resolve("bin/ucode");
  }

  /**
   * The script that agents run as their hook. Written to {@link Folders#bin()} as {@code hook}, it
   * serves the folder it lies in and starts the {@code ucode} beside it as the worker. Arguments:
   * agent and destination, both {@code [a-z0-9-]+}, and {@code wake} where a worker is to be
   * started whatever the process-id hint says; the event on stdin.
   */
  public byte[] hookScript() throws IOException {
    return Files.readAllBytes(home.resolve("libexec/hook"));
  }

  /**
   * The stable entry point that agents' settings name, for {@link Folders#bin()}: a script that
   * becomes {@link #launcher()} and serves the given folder whatever the environment says.
   */
  public String entryScript(Folders folders) throws IOException {
    return """
    #!/bin/sh
    # Made by ucode configure: what agents' settings call, wherever ucode is installed.
    UCODE_HOME=%s
    export UCODE_HOME
    exec %s "$@"
    """
        .formatted(quoted(folders.root()), quoted(launcher()));
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }
}
