package dev.ucode.os;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One private log that all processes of an installation append to, a line each, and that becomes
 * {@code <name>.1} when it has grown. Failing to write a log never fails what is being logged.
 */
public final class LogFile {
  private static final long FULL = 1_000_000;

  private final Path file;
  private final Level least;
  private final InstantSource clock;
  private final UnaryOperator<String> scrubber;

  /**
   * @param least what is less important is not written
   * @param scrubber takes secrets out of a message
   */
  public LogFile(Path file, Level least, InstantSource clock, UnaryOperator<String> scrubber) {
    this.file = file;
    this.least = least;
    this.clock = clock;
    this.scrubber = scrubber;
  }

  public Path file() {
    return file;
  }

  boolean takes(Level level) {
    return level != Level.OFF && level.getSeverity() >= least.getSeverity();
  }

  /** Appends a message, and the stack trace of what was thrown, if anything was. */
  public void write(Level level, String source, String message, @Nullable Throwable thrown) {
    if (!takes(level)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(clock.instant().truncatedTo(ChronoUnit.MILLIS)).append(' ').append(level);
    text.append(' ').append(Processes.own()).append(' ').append(source).append(": ");
    text.append(message.replace("\n", "\n  ")).append('\n');
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    try {
      append(scrubber.apply(text.toString()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      // A full disk or a read-only home: there is nowhere left to say it.
    }
  }

  private void append(byte[] line) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      AtomicFiles.createFolders(folder);
    }
    if (Files.exists(file) && Files.size(file) > FULL) {
      rotate();
    }
    try (FileChannel out =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(AtomicFiles.PRIVATE))) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }

  /** One process does it; one that comes too late finds the log short again. */
  private void rotate() throws IOException {
    try (OsLock lock = OsLock.tryAcquire(file.resolveSibling(file.getFileName() + ".lock"))) {
      if (lock != null && Files.size(file) > FULL) {
        Path old = file.resolveSibling(file.getFileName() + ".1");
        Files.move(file, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
