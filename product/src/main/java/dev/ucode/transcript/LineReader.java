package dev.ucode.transcript;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads a file line by line from a byte offset on. Only whole lines are given: what stands after
 * the last newline is still being written. Memory is bounded by the longest line, and a line beyond
 * {@value #LONGEST} bytes is passed over as {@link #tooLong}.
 */
public final class LineReader implements AutoCloseable {
  /** In bytes; a line longer than this is not held in memory. */
  static final int LONGEST = 128 << 20;

  private static final int CHUNK = 256 << 10;

  private final FileChannel file;
  private byte[] buffer = new byte[CHUNK];
  private int from; // first byte of the current line
  private int to; // its end, newline excluded
  private int filled; // end of what is in the buffer
  private long position; // offset in the file of buffer[0]
  private boolean tooLong;
  private long skippedFrom; // offset of the current line where it is too long

  /**
   * Opens a file to be read from an offset on.
   *
   * @throws IOException where the file cannot be opened
   */
  public LineReader(Path path, long offset) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    position = offset;
    from = 0;
    to = -1; // the first line begins at from
  }

  /**
   * Goes to the next whole line.
   *
   * @return false where there is none (yet)
   */
  public boolean next() throws IOException {
    from = Math.min(to + 1, filled);
    tooLong = false;
    int scan = from;
    while (true) {
      for (int i = scan; i < filled; i++) {
        if (buffer[i] == '\n') {
          to = i;
          return true;
        }
      }
      scan = filled;
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        position += from;
        filled -= from;
        scan -= from;
        from = 0;
        to = -1;
      }
      if (filled == buffer.length) {
        if (filled >= LONGEST) {
          return passOver();
        }
        buffer = Arrays.copyOf(buffer, Math.min(LONGEST, buffer.length * 2));
      }
      int n = file.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled), position + filled);
      if (n <= 0) {
        to = from - 1;
        return false;
      }
      filled += n;
    }
  }

  /**
   * Takes what stands after the last newline as the current line, after {@link #next} said that
   * there is no whole one: for a file that nothing more will be written to.
   *
   * @return false where nothing stands there
   */
  public boolean rest() {
    if (filled <= from) {
      return false;
    }
    to = filled;
    return true;
  }

  /** Skips to the end of a line that is too long to hold. */
  private boolean passOver() throws IOException {
    long lineStart = position;
    long at = position + filled;
    while (true) {
      int n = file.read(ByteBuffer.wrap(buffer), at);
      if (n <= 0) {
        // Its end is not written yet: as if it were a partial line.
        position = lineStart;
        filled = 0;
        from = 0;
        to = -1;
        return false;
      }
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          tooLong = true;
          position = at;
          filled = n;
          from = i;
          to = i;
          skippedFrom = lineStart;
          return true;
        }
      }
      at += n;
    }
  }

  /** The bytes that hold the current line, from {@link #start} on; valid until {@link #next}. */
  public byte[] bytes() {
    return buffer;
  }

  /** Where the current line starts in {@link #bytes}. */
  public int start() {
    return from;
  }

  /** Its length in bytes, newline excluded; 0 where it is {@link #tooLong}. */
  public int length() {
    return to - from;
  }

  /** Whether the current line is beyond what is held; it has no bytes then. */
  public boolean tooLong() {
    return tooLong;
  }

  /** Offset in the file of the current line. */
  public long lineOffset() {
    return tooLong ? skippedFrom : position + from;
  }

  /** Offset in the file of the line after the current one; its end where that has no newline. */
  public long nextOffset() {
    return position + Math.min(filled, to + 1);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
