package dev.ucode.launch;

import dev.ucode.os.AtomicFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Files made for single launches. An agent may go on reading its own for days. */
final class LaunchFiles {
  private static final Duration KEPT = Duration.ofDays(30);

  private LaunchFiles() {}

  /** Removes those that no agent can need any more. */
  static void collect(Path folder, Instant now) throws IOException {
    List<Path> old = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(KEPT))) {
          old.add(file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path file : old) {
      AtomicFiles.delete(file);
    }
  }
}
