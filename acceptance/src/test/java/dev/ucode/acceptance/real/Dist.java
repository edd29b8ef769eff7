package dev.ucode.acceptance.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The unpacked distribution under test.
 *
 * @param folder holds {@code bin/ucode}
 */
record Dist(Path folder) {
  /** The one named by {@code -Ddist}, else the one built in {@code dist/target}. */
  public static Dist find() {
    String named = System.getProperty("dist");
    if (named != null) {
      return new Dist(Path.of(named).toAbsolutePath());
    }
    Path target = root().resolve("dist/target");
    try (Stream<Path> folders = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
      List<Path> found =
          folders.filter(folder -> Files.isExecutable(folder.resolve("bin/ucode"))).toList();
      if (found.size() != 1) {
        throw new AssertionError(
            "expected one built distribution in " + target + " but found " + found);
      }
      return new Dist(found.getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source tree. */
  public static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The command. */
  public Path ucode() {
    return folder.resolve("bin/ucode");
  }
}
