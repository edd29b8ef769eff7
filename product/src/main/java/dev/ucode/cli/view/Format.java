package dev.ucode.cli.view;

import dev.ucode.trace.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, times and sizes as people write them. */
final class Format {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Format() {}

  static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone));
  }

  /** {@code 840 ms}, {@code 4.2 s}, {@code 3 m 05 s}, {@code 2 h 10 m}. */
  static String duration(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    long seconds = millis / 1000;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60);
  }

  /** How long ago, roughly: {@code 12 s}, {@code 5 m}, {@code 3 h}, {@code 2 d}. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600
            ? seconds / 60 + " m"
            : seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 950}, {@code 12.3k}, {@code 4.5M}. */
  static String shortCount(long number) {
    if (number < 10_000) {
      return count(number);
    }
    return number < 1_000_000
        ? String.format(Locale.ROOT, "%.1fk", number / 1000.0)
        : String.format(Locale.ROOT, "%.1fM", number / 1_000_000.0);
  }

  /** {@code 1 trace}, {@code 2 traces}. */
  static String plural(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : "s");
  }

  /** The mark of counts that are not exact. */
  static String quality(TokenUsage usage) {
    return switch (usage.quality()) {
      case EXACT -> "";
      case PLACEHOLDER -> "≥";
      case ESTIMATED -> "≈";
      case UNKNOWN -> "?";
    };
  }
}
