package dev.ucode.drain;

import dev.ucode.store.StoreFailure;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One destination's thread: a slow destination keeps no other waiting, nor the reading. */
final class Runner {
  private static final System.Logger LOG = System.getLogger("drain");
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Carrier carrier;
  private final InstantSource clock;
  private final Semaphore bell = new Semaphore(0);
  private final Thread thread;
  private volatile boolean ending;
  private volatile boolean busy = true;

  Runner(Carrier carrier, InstantSource clock) {
    this.carrier = carrier;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("carrier").start(this::run);
  }

  /** Something new may wait. */
  void wake() {
    bell.release();
  }

  /** Whether a request is under way or about to be. */
  boolean isBusy() {
    return busy;
  }

  /** Ends after the request that is under way. */
  void end() throws InterruptedException {
    ending = true;
    bell.release();
    thread.join();
  }

  private void run() {
    while (!ending) {
      Duration pause;
      try {
        busy = true;
        Instant next = carrier.step();
        pause = next == null ? LONGEST : Duration.between(clock.instant(), next);
      } catch (StoreFailure e) {
        LOG.log(Level.WARNING, e.problem().what());
        pause = Duration.ofSeconds(5);
      } catch (RuntimeException e) {
        // A fault of ours in one trace must not end the delivery of all others.
        LOG.log(Level.ERROR, "cannot send", e);
        pause = LONGEST;
      }
      busy = false;
      if (pause.isPositive()) {
        ring(pause);
      }
    }
  }

  private void ring(Duration pause) {
    try {
      long millis = Math.min(pause.toMillis() + 1, LONGEST.toMillis());
      if (bell.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        bell.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ending = true;
    }
  }
}
