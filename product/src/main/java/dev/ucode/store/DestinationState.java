package dev.ucode.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a destination has answered lately.
 *
 * @param retryAt nothing is sent before then
 * @param failures how many attempts in a row it has not taken, for reasons of its own
 * @param blocked what a person must do before it takes anything; null where nothing
 * @param lastError the last thing that went wrong, which may be over
 * @param lastDelivery when it last took something
 */
public record DestinationState(
    String id,
    Instant retryAt,
    int failures,
    @Nullable String blocked,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant lastDelivery) {
  /** One that has never been tried. */
  public static DestinationState fresh(String id) {
    return new DestinationState(id, Instant.EPOCH, 0, null, null, null, null);
  }

  /** It took something. */
  public DestinationState took(Instant now) {
    return new DestinationState(id, Instant.EPOCH, 0, null, lastError, lastErrorAt, now);
  }

  /** It answered, but refused this one thing. */
  public DestinationState refused(String why, Instant now) {
    return new DestinationState(id, Instant.EPOCH, 0, null, why, now, lastDelivery);
  }

  /** It failed; try again then. */
  public DestinationState failed(String why, Instant now, Instant retry) {
    return new DestinationState(id, retry, failures + 1, null, why, now, lastDelivery);
  }

  /** A person must act; look again then. */
  public DestinationState blocked(String why, Instant now, Instant retry) {
    return new DestinationState(id, retry, failures + 1, why, why, now, lastDelivery);
  }

  /** Somebody may have acted: try at once. */
  public DestinationState retryNow() {
    return new DestinationState(
        id, Instant.EPOCH, failures, blocked, lastError, lastErrorAt, lastDelivery);
  }
}
