package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.Projection;
import dev.ucode.transcript.LineReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where to begin in a session that has a past which is not ours to trace: a file is written in the
 * order of time, so the past need not be read to be skipped.
 */
final class FirstSight {
  /** Bytes; a shorter past is simply read. */
  private static final long WORTHWHILE = 4 << 20;

  /** Records are written a little after their time, and copies keep the time of the original. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private static final Projection TIME = Projection.only("timestamp");

  private FirstSight() {}

  /**
   * Offset of a line that everything of ours comes after; 0 where looking for it is not worth it.
   */
  static long offset(Path file, long size, Instant firstSeen) throws IOException {
    if (size < WORTHWHILE || firstSeen.isBefore(Instant.EPOCH.plus(MARGIN))) {
      return 0;
    }
    Instant limit = firstSeen.equals(Instant.MAX) ? firstSeen : firstSeen.minus(MARGIN);
    long past = 0; // all that begins before it is older than the limit
    long unknown = size;
    while (unknown - past > WORTHWHILE / 4) {
      long middle = past + (unknown - past) / 2;
      Found found = firstTime(file, middle, unknown);
      if (found != null && found.time().isBefore(limit)) {
        past = found.offset();
      } else {
        unknown = middle;
      }
    }
    return past;
  }

  private record Found(long offset, Instant time) {}

  /** The first line with a time that begins after an offset. */
  private static @Nullable Found firstTime(Path file, long after, long before) throws IOException {
    try (LineReader lines = new LineReader(file, after)) {
      lines.next(); // the rest of the line the offset lies in
      while (lines.next() && lines.lineOffset() < before) {
        JsonReader.Line line =
            JsonReader.parseLine(lines.bytes(), lines.start(), lines.length(), TIME);
        for (Json record : line.values()) {
          String time = record.text("timestamp");
          if (time != null) {
            try {
              return new Found(lines.lineOffset(), Instant.parse(time));
            } catch (DateTimeException notATime) {
              // The next one will do.
            }
          }
        }
      }
    }
    return null;
  }
}
