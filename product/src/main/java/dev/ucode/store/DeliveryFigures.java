package dev.ucode.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Delivery to one destination, in traces unless said otherwise.
 *
 * @param accepted put into the outbox so far; pending, delivered and rejected add up to it
 * @param oldestPending since when the longest-waiting one waits
 * @param inDoubt of the pending ones, those that may have arrived and will be asked about
 * @param doublySent spans sent again without knowing whether they were there
 * @param blocked what a person must do before anything is taken
 * @param nextAttempt when something is tried again, where something waits
 */
public record DeliveryFigures(
    String destination,
    long accepted,
    long pending,
    @Nullable Instant oldestPending,
    long inDoubt,
    long delivered,
    long rejected,
    long spansDelivered,
    long doublySent,
    @Nullable String blocked,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant lastDelivery,
    @Nullable Instant nextAttempt) {}
