package dev.ucode.store;

import dev.ucode.transcript.SessionFile.Watch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One agent process of ours that ran a session.
 *
 * @param process its id; 0 where it is not known
 * @param processStart when it began, where the system told
 * @param from turns that began before are not its own
 * @param until turns that began after are not its own; null while it may still begin some
 */
public record Visit(
    long process, @Nullable Instant processStart, Instant from, @Nullable Instant until) {
  /** The stretch of time in which turns are ours. */
  public Watch watch() {
    return new Watch(from, until);
  }

  /** Closed at a moment. */
  public Visit until(Instant end) {
    return new Visit(process, processStart, from, end);
  }
}
