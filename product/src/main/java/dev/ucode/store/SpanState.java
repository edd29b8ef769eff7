package dev.ucode.store;

import dev.ucode.trace.SpanId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one span.
 *
 * @param size of its content, roughly what it adds to a request, in bytes
 * @param since when a request with it began whose outcome is not known; null otherwise
 * @param attempts how many requests it has been in
 * @param doubled sent again without knowing whether it was there
 */
public record SpanState(
    SpanId id,
    long size,
    SpanStatus status,
    @Nullable Instant since,
    int attempts,
    boolean doubled) {
  /** Never sent. */
  public static SpanState pending(SpanId id, long size) {
    return new SpanState(id, size, SpanStatus.PENDING, null, 0, false);
  }

  /** In a request that begins now. */
  public SpanState sending(Instant now) {
    return new SpanState(id, size, SpanStatus.SENDING, now, attempts + 1, doubled);
  }

  /** The outcome of its request is not known; when it began stays. */
  public SpanState unknown() {
    return new SpanState(id, size, SpanStatus.UNKNOWN, since, attempts, doubled);
  }

  /** Another status, and nothing is in doubt. */
  public SpanState settled(SpanStatus as) {
    return new SpanState(id, size, as, null, attempts, doubled);
  }

  /** To be sent again, though it may be there. */
  public SpanState again() {
    return new SpanState(id, size, SpanStatus.PENDING, null, attempts, true);
  }
}
