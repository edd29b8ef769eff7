package dev.ucode.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;

/**
 * A private text file that grows by lines and is kept short: at a megabyte it becomes {@code .1},
 * and the one before that is gone. A line that cannot be written is dropped: a log is never a
 * reason to fail.
 */
public final class LogFile {
  private static final long LIMIT = 1 << 20;

  private final Path file;
  private final InstantSource clock;

  public LogFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Appends one line with the time and our process id; line breaks become spaces. */
  public synchronized void line(String text) {
    String line =
        clock.instant() + " " + Processes.own() + " " + text.replace('\n', ' ').replace('\r', ' ');
    try {
      if (Files.exists(file) && Files.size(file) > LIMIT) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        AtomicFiles.createFolders(folder);
      }
      try (FileChannel out =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
              PosixFilePermissions.asFileAttribute(AtomicFiles.PRIVATE))) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    } catch (IOException e) {
      // Read-only or full: what matters is in the store and is shown by status.
    }
  }
}
