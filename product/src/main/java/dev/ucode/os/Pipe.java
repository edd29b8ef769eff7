package dev.ucode.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pipe that somebody else has made for us and reads from. */
public final class Pipe {
  private Pipe() {}

  /** Writes a text into it, whole. Nothing is created and nothing cut short. */
  public static void write(Path pipe, String text) throws IOException {
    try (FileChannel out = FileChannel.open(pipe, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }
}
