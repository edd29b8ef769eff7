package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path folder;

  @Test
  void linesArePrivateScrubbedAndCarryTheTrace() throws IOException {
    LogFile log = log(Level.INFO);
    log.write(Level.ERROR, "here", "with secret\nand more", new IllegalStateException("secret!"));
    String text = Files.readString(log.file());
    assertThat(text)
        .startsWith(
            "2026-01-02T03:04:05Z ERROR " + Processes.own() + " here: with ###\n  and more\n")
        .contains("\n  java.lang.IllegalStateException: ###!\n")
        .doesNotContain("secret");
    assertThat(Files.getPosixFilePermissions(log.file())).isEqualTo(AtomicFiles.PRIVATE);
  }

  @Test
  void whatIsTooUnimportantIsLeftOut() {
    LogFile log = log(Level.WARNING);
    log.write(Level.INFO, "here", "hello", null);
    assertThat(log.file()).doesNotExist();
  }

  @Test
  void aFullLogIsPutAside() throws IOException {
    LogFile log = log(Level.INFO);
    for (int i = 0; i < 12; i++) {
      log.write(Level.INFO, "here", "x".repeat(100_000), null);
    }
    assertThat(folder.resolve("logs/ucode.log.1")).exists();
    assertThat(Files.size(log.file())).isLessThan(300_000);
  }

  @Test
  void loggersOfTheSystemLeadThere() throws IOException {
    LogFile log = log(Level.INFO);
    LogFinder.writeTo(log);
    System.Logger logger = System.getLogger("dev.ucode.here");
    logger.log(Level.INFO, "answer {0}", 42);
    logger.log(Level.DEBUG, "not this");
    assertThat(Files.readString(log.file()))
        .contains("dev.ucode.here: answer 42\n")
        .doesNotContain("not this");
  }

  @Test
  void aLogThatCannotBeWrittenHarmsNobody() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("file"), "");
    new LogFile(notAFolder.resolve("x/log"), Level.INFO, () -> Instant.EPOCH, t -> t)
        .write(Level.ERROR, "here", "hello", null);
    assertThat(notAFolder).isEmptyFile();
  }

  private LogFile log(Level least) {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    return new LogFile(
        folder.resolve("logs/ucode.log"), least, () -> now, t -> t.replace("secret", "###"));
  }
}
