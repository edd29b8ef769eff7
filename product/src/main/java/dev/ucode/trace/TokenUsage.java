package dev.ucode.trace;

/**
 * Tokens of one model call. The four counts do not overlap: {@code input} is the uncached part
 * alone.
 *
 * @param quality how far the counts can be trusted
 */
public record TokenUsage(
    Quality quality, long input, long output, long cacheRead, long cacheCreation) {
  /** How far counts can be trusted. */
  public enum Quality {
    /** Reported by the model for the finished call. */
    EXACT,
    /** What was there when the stream began; the call never reported its end. */
    PLACEHOLDER,
    /** Counted by us. */
    ESTIMATED,
    /** Nothing was reported. */
    UNKNOWN
  }

  public static final TokenUsage UNKNOWN = new TokenUsage(Quality.UNKNOWN, 0, 0, 0, 0);

  /** All four counts. */
  public long all() {
    return input + output + cacheRead + cacheCreation;
  }

  /** The counts of both; the weaker quality of the two, where unknown says nothing. */
  public TokenUsage plus(TokenUsage other) {
    if (quality == Quality.UNKNOWN) {
      return other;
    }
    if (other.quality == Quality.UNKNOWN) {
      return this;
    }
    return new TokenUsage(
        quality.compareTo(other.quality) >= 0 ? quality : other.quality,
        input + other.input,
        output + other.output,
        cacheRead + other.cacheRead,
        cacheCreation + other.cacheCreation);
  }
}
