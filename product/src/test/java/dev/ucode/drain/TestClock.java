package dev.ucode.drain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves. */
final class TestClock implements InstantSource {
  private Instant now = Instant.parse("2026-11-22T20:13:05Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  synchronized void moveTo(Instant time) {
    now = time.isAfter(now) ? time : now;
  }
}
