package dev.ucode.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineReaderTest {
  @TempDir Path folder;

  @Test
  void givesWholeLinesWithTheirOffsets() throws IOException {
    Path file = write("one\n\ntwo\0x\r\nhalf");
    assertThat(read(file, 0)).containsExactly("0:one", "4:", "5:two\0x\r");
    assertThat(read(file, 5)).containsExactly("5:two\0x\r");
    assertThat(read(file, 12)).isEmpty();
    assertThat(read(file, 500)).isEmpty();
  }

  @Test
  void readsOnWhenTheFileGrows() throws IOException {
    Path file = write("one\nha");
    try (LineReader reader = new LineReader(file, 0)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isFalse();
      Files.writeString(file, "lf\nmore\n", StandardOpenOption.APPEND);
      assertThat(reader.next()).isTrue();
      assertThat(text(reader)).isEqualTo("4:half");
      assertThat(reader.nextOffset()).isEqualTo(9);
      assertThat(reader.next()).isTrue();
      assertThat(text(reader)).isEqualTo("9:more");
      assertThat(reader.next()).isFalse();
    }
  }

  @Test
  void whatHasNoNewlineIsGivenOnRequest() throws IOException {
    Path file = write("one\nhalf");
    try (LineReader reader = new LineReader(file, 0)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isFalse();
      assertThat(reader.rest()).isTrue();
      assertThat(text(reader)).isEqualTo("4:half");
      assertThat(reader.nextOffset()).isEqualTo(8);
    }
    try (LineReader reader = new LineReader(file, 8)) {
      assertThat(reader.next()).isFalse();
      assertThat(reader.rest()).isFalse();
    }
  }

  @Test
  void linesLongerThanTheBufferComeWhole() throws IOException {
    String big = "x".repeat(2_000_003);
    Path file = write("a\n" + big + "\nb\n" + big + "\nc");
    List<String> lines = read(file, 0);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).isEqualTo("2:" + big);
    assertThat(lines.get(2)).isEqualTo((2 + big.length() + 1) + ":b");
    assertThat(lines.get(3)).endsWith(big);
  }

  @Test
  void aLineBeyondTheLimitIsPassedOverWithoutBeingHeld() throws IOException {
    Path file = folder.resolve("f");
    byte[] chunk = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write("a\n".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 130; i++) {
        out.write(chunk);
      }
      out.write("\nb\n".getBytes(StandardCharsets.UTF_8));
    }
    try (LineReader reader = new LineReader(file, 0)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isTrue();
      assertThat(reader.tooLong()).isTrue();
      assertThat(reader.length()).isZero();
      assertThat(reader.lineOffset()).isEqualTo(2);
      assertThat(reader.nextOffset()).isEqualTo(2 + (130L << 20) + 1);
      assertThat(reader.next()).isTrue();
      assertThat(reader.tooLong()).isFalse();
      assertThat(text(reader)).endsWith(":b");
      assertThat(reader.next()).isFalse();
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("f"), text);
  }

  private static List<String> read(Path file, long offset) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(file, offset)) {
      while (reader.next()) {
        lines.add(text(reader));
      }
    }
    return lines;
  }

  private static String text(LineReader reader) {
    return reader.lineOffset()
        + ":"
        + new String(reader.bytes(), reader.start(), reader.length(), StandardCharsets.UTF_8);
  }
}
