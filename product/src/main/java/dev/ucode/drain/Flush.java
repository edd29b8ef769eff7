package dev.ucode.drain;

import dev.ucode.http.Deadline;
import dev.ucode.spool.Inbox;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.SessionState;
import dev.ucode.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits until everything that has happened so far is delivered. */
public final class Flush {
  private final Path spool;
  private final Wake wake;
  private final Supplier<@Nullable Store> store;

  /**
   * @param store opens the store to look at it; null where there is none yet
   */
  public Flush(Path spool, Wake wake, Supplier<@Nullable Store> store) {
    this.spool = spool;
    this.wake = wake;
    this.store = store;
  }

  /**
   * What became of it.
   *
   * @param done whether nothing waits any more
   * @param eventsWaiting events that no worker has read
   */
  public record Result(boolean done, int eventsWaiting, List<DeliveryFigures> figures) {}

  /** Wakes the worker and waits for it. */
  public Result run(Deadline deadline) throws IOException, InterruptedException {
    wake.knock();
    Inbox inbox = new Inbox(spool, InstantSource.system());
    while (true) {
      int events = inbox.waiting().events();
      try (Store open = store.get()) {
        List<DeliveryFigures> figures = open == null ? List.of() : open.views().deliveries();
        boolean done = events == 0 && (open == null || isStill(open, figures));
        if (done || deadline.passed()) {
          return new Result(done, events, figures);
        }
      }
      Thread.sleep(Wake.LOOK);
    }
  }

  private static boolean isStill(Store store, List<DeliveryFigures> figures) {
    for (DeliveryFigures figure : figures) {
      if (figure.pending() > 0) {
        return false;
      }
    }
    for (SessionState session : store.sessions().living()) {
      if (session.unread() || session.stopped() != null || session.ended() != null) {
        return false;
      }
    }
    return true;
  }
}
