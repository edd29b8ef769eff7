package dev.ucode.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The distribution under test, as the build left it. */
final class Dist {
  private Dist() {}

  /** The root of the source tree. */
  static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The packaged folder, without links. */
  static Path home() {
    String folder = System.getProperty("dist");
    if (folder == null) {
      throw new IllegalStateException("-Ddist is missing: run these tests by mvn verify");
    }
    try {
      return Path.of(folder).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("no distribution: run mvn package first", e);
    }
  }

  static Path launcher() {
    return home().resolve("bin/ucode");
  }

  static Path hook() {
    return home().resolve("libexec/hook");
  }

  /**
   * A copy of the scripts' folder layout with a Java that is a script, for tests of the launcher.
   */
  static Path withFakeJava(Path folder, String javaScript) throws IOException {
    Path home = folder.resolve("home of ucode");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(launcher(), home.resolve("bin/ucode"));
    Scripts.write(home.resolve("runtime/bin/java"), javaScript);
    return home;
  }
}
