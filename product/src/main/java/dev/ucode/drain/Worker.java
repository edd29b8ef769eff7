package dev.ucode.drain;

import dev.ucode.name.AgentId;
import dev.ucode.os.Steps;
import dev.ucode.redact.Redactor;
import dev.ucode.spool.HookEvent;
import dev.ucode.spool.Inbox;
import dev.ucode.spool.Launch;
import dev.ucode.spool.Launches;
import dev.ucode.spool.Lease;
import dev.ucode.store.SessionState;
import dev.ucode.store.Store;
import dev.ucode.store.StoreFailure;
import dev.ucode.transcript.TranscriptReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one process that reads and sends. It holds the lease, works off the inbox, idles a while for
 * the next event, and leaves.
 */
public final class Worker {
  private static final System.Logger LOG = System.getLogger("drain");

  /** The inbox is looked at this often: a hook's few milliseconds end long before. */
  private static final Duration GLANCE = Duration.ofMillis(50);

  /** While nothing happens, looks get rarer, down to this. */
  private static final Duration REST = Duration.ofMillis(400);

  private static final Duration SWEEP = Duration.ofSeconds(30);

  private static final int BATCH = 200;

  private final Store store;
  private final Routes routes;
  private final Pace pace;
  private final InstantSource clock;
  private final Steps steps;
  private final Inbox inbox;
  private final Launches launches;
  private final Reception reception;
  private final Sweep sweep;
  private final Reader reader;
  private final ReentrantLock gate = new ReentrantLock();
  private final Map<String, Runner> runners = new HashMap<>();

  public Worker(
      Path spool,
      Store store,
      Map<AgentId, TranscriptReader> readers,
      Map<AgentId, SessionFinder> finders,
      Redactor redactor,
      Routes routes,
      Pace pace,
      InstantSource clock,
      Steps steps,
      String version) {
    this.store = store;
    this.routes = routes;
    this.pace = pace;
    this.clock = clock;
    this.steps = steps;
    this.inbox = new Inbox(spool, clock);
    this.launches = new Launches(spool);
    this.reception = new Reception(store.sessions());
    this.sweep = new Sweep(launches, store.sessions(), finders);
    this.reader = new Reader(store, readers, redactor, routes, pace, version);
  }

  /**
   * Works until there has been nothing to do for a while.
   *
   * @param lease gives the right to; it is given back by the caller
   */
  public void run(Lease lease) throws IOException, InterruptedException {
    Carrier.recover(store.outbox(), pace);
    Instant lastWork = clock.instant();
    Duration rest = GLANCE;
    Instant nextLook = Instant.MIN;
    Instant nextSweep = Instant.MIN;
    try {
      while (true) {
        Instant now = clock.instant();
        boolean worked = false;
        try {
          boolean heard = receive();
          if (!now.isBefore(nextSweep)) {
            heard |= sweep.look(now);
            nextSweep = now.plus(SWEEP);
          }
          if (heard || !now.isBefore(nextLook)) {
            Reader.Look look = look(now);
            worked = heard || look.stored();
            nextLook = look.next() == null ? now.plusSeconds(2) : look.next();
          }
          startRunners();
        } catch (StoreFailure e) {
          // Events stay in the inbox and positions where they were: all of it is done again.
          LOG.log(Level.WARNING, e.problem().what());
          nextLook = now.plusSeconds(5);
        }
        if (worked) {
          lastWork = clock.instant();
          rest = GLANCE;
          runners.values().forEach(Runner::wake);
        } else if (isOver(lastWork) && leave(lease)) {
          return;
        }
        boolean awaiting = Duration.between(clock.instant(), nextLook).compareTo(REST) < 0;
        Thread.sleep(awaiting ? GLANCE : rest);
        rest = rest.multipliedBy(2).compareTo(REST) < 0 ? rest.multipliedBy(2) : REST;
      }
    } finally {
      for (Runner runner : runners.values()) {
        runner.end();
      }
    }
  }

  /** Works off the inbox; says whether there was anything. */
  private boolean receive() throws IOException {
    List<HookEvent> events = inbox.read(BATCH);
    if (events.isEmpty()) {
      return false;
    }
    List<Launch> known = launches.all();
    for (HookEvent event : events) {
      steps.reached("event found");
      boolean entered;
      gate.lock();
      try {
        entered = reception.enter(event, known);
        if (!entered) {
          wakeAll();
        }
      } finally {
        gate.unlock();
      }
      steps.reached("event entered");
      inbox.remove(event);
      steps.reached("event removed");
    }
    return true;
  }

  /** Somebody knocked without saying why: read everything on, try everything again. */
  private void wakeAll() {
    for (SessionState session : store.sessions().living()) {
      store.sessions().put(session.change().unread(true).build());
    }
    for (String destination : store.outbox().destinations()) {
      store.outbox().put(store.outbox().destination(destination).retryNow());
    }
  }

  private Reader.Look look(Instant now) {
    gate.lock();
    try {
      return reader.look(now);
    } finally {
      gate.unlock();
    }
  }

  private void startRunners() {
    for (String destination : store.outbox().destinations()) {
      runners.computeIfAbsent(
          destination,
          id -> new Runner(new Carrier(id, store, routes, pace, clock, steps, gate), clock));
    }
  }

  /** Whether it is time to go: idle, and nothing left that a little patience would bring. */
  private boolean isOver(Instant lastWork) throws IOException {
    Instant now = clock.instant();
    if (now.isBefore(lastWork.plus(pace.idle()))) {
      return false;
    }
    for (Runner runner : runners.values()) {
      if (runner.isBusy()) {
        return false;
      }
    }
    try {
      return store.outbox().destinations().isEmpty() || now.isAfter(lastWork.plus(pace.vigil()));
    } catch (StoreFailure e) {
      return true; // whoever comes next finds everything where it was
    }
  }

  /** Takes the hint down, looks once more, and stays if something came in between. */
  private boolean leave(Lease lease) throws IOException {
    lease.takeDown();
    steps.reached("hint taken down");
    if (inbox.isEmpty()) {
      return true;
    }
    lease.putUp();
    return false;
  }
}
