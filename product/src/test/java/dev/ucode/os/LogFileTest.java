package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T20:12:57Z"));

  @TempDir Path folder;

  @Test
  void oneLineEachWithTimeAndProcess() throws IOException {
    Path file = folder.resolve("logs/worker.log");
    LogFile log = new LogFile(file, CLOCK);
    log.line("one");
    log.line("two\nlines");
    String start = "2026-11-22T20:12:57Z " + Processes.own() + " ";
    assertThat(file).hasContent(start + "one\n" + start + "two lines\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void isKeptShort() throws IOException {
    Path file = folder.resolve("worker.log");
    LogFile log = new LogFile(file, CLOCK);
    String text = "x".repeat(100_000);
    for (int i = 0; i < 40; i++) {
      log.line(text);
    }
    assertThat(Files.size(file)).isLessThan(1_300_000);
    assertThat(Files.size(folder.resolve("worker.log.1"))).isBetween(1_000_000L, 1_300_000L);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void whatCannotBeWrittenIsDropped() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    new LogFile(notAFolder.resolve("worker.log"), CLOCK).line("lost");
    assertThat(notAFolder).isEmptyFile();
  }
}
