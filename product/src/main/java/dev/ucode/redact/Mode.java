package dev.ucode.redact;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How much of a session's content is kept and sent. */
public enum Mode {
  /** Everything, as it was written. */
  FULL,
  /** Everything but secrets, each of which becomes a mark. The default. */
  REDACTED,
  /** Names, times, counts and outcomes; no prompt, answer, input or output. */
  METADATA;

  /** The mode of that name, or null. */
  public static @Nullable Mode parse(String word) {
    for (Mode mode : values()) {
      if (mode.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    return null;
  }

  /** As written in settings: {@code full}, {@code redacted}, {@code metadata}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
