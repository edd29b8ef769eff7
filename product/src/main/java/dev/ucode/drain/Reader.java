package dev.ucode.drain;

import dev.ucode.name.AgentId;
import dev.ucode.os.Processes;
import dev.ucode.redact.Redaction;
import dev.ucode.redact.Redactor;
import dev.ucode.store.Counter;
import dev.ucode.store.Harvest;
import dev.ucode.store.SessionState;
import dev.ucode.store.Store;
import dev.ucode.store.StoreFailure;
import dev.ucode.store.Visit;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import dev.ucode.transcript.TranscriptReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads sessions on and puts what closed into the store, without its secrets. */
final class Reader {
  private static final System.Logger LOG = System.getLogger("drain");

  /** A transcript is looked at this often while the end of a turn is awaited… */
  private static final Duration AWAITED = Duration.ofMillis(50);

  /** …and this often while nothing in particular is. */
  private static final Duration WATCHED = Duration.ofSeconds(2);

  /** An agent that has said its session is over writes its last lines within this time. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** Of an agent whose process is not known, a tool may run for hours without a sign. */
  private static final Duration UNSEEN = Duration.ofHours(24);

  private final Store store;
  private final Map<AgentId, TranscriptReader> readers;
  private final Redactor redactor;
  private final Routes routes;
  private final Pace pace;
  private final String version;

  /** What a transcript looked like when it was last read, and when it may be tried again. */
  private final Map<Path, Glance> glances = new HashMap<>();

  private record Glance(long size, long modified, Closing closing, Instant notBefore) {}

  Reader(
      Store store,
      Map<AgentId, TranscriptReader> readers,
      Redactor redactor,
      Routes routes,
      Pace pace,
      String version) {
    this.store = store;
    this.readers = readers;
    this.redactor = redactor;
    this.routes = routes;
    this.pace = pace;
    this.version = version;
  }

  /**
   * What one look at all sessions came to.
   *
   * @param stored whether anything new is in the store
   * @param next when to look again; null where only an event gives reason to
   */
  record Look(boolean stored, @Nullable Instant next) {}

  /** Reads every session that is due. */
  Look look(Instant now) {
    boolean stored = false;
    Instant next = null;
    for (SessionState found : store.sessions().living()) {
      SessionState session = withoutTheDead(found);
      SessionState after = session;
      Verdict verdict = verdict(session, now);
      if (verdict.read()) {
        after = read(session, verdict, now);
        stored = true;
        verdict = verdict(after, now);
      }
      Instant again = verdict.again();
      if (!after.over() && again != null && (next == null || again.isBefore(next))) {
        next = again;
      }
    }
    return new Look(stored, next);
  }

  /** Closes the visit of a process that has died: nothing that begins from now on is its own. */
  private SessionState withoutTheDead(SessionState session) {
    Visit last = session.visits().isEmpty() ? null : session.visits().getLast();
    if (last == null
        || last.until() != null
        || last.process() == 0
        || Processes.isAlive(last.process(), last.processStart())) {
      return session;
    }
    List<Visit> visits = new ArrayList<>(session.visits());
    visits.add(Reception.ended(visits.removeLast(), session.lastEvent()));
    SessionState after = session.change().visits(visits).build();
    store.sessions().put(after);
    return after;
  }

  /**
   * @param read whether to read now
   * @param announced false where the sweep ends the session, not the agent
   * @param again when to look again if nothing is heard
   */
  private record Verdict(
      boolean read, Closing closing, boolean announced, @Nullable Instant again) {}

  private Verdict verdict(SessionState session, Instant now) {
    Path transcript = session.transcript();
    if (transcript == null) {
      return new Verdict(false, Closing.OPEN, true, null);
    }
    Glance last = glances.get(transcript);
    if (last != null && now.isBefore(last.notBefore())) {
      return new Verdict(false, Closing.OPEN, true, last.notBefore());
    }
    Instant ended = session.ended();
    if (ended != null) {
      Instant settled = ended.plus(FAREWELL);
      return now.isBefore(settled) && runs(session)
          ? new Verdict(changed(transcript, Closing.OPEN), Closing.OPEN, true, soon(now, settled))
          : new Verdict(true, Closing.ENDED, true, null);
    }
    Instant stopped = session.stopped();
    if (stopped != null) {
      Instant settled = stopped.plus(pace.quiet());
      Closing closing = now.isBefore(settled) ? Closing.OPEN : Closing.STOPPED;
      boolean fresh = now.isBefore(stopped.plus(Duration.ofSeconds(10)));
      return new Verdict(
          session.unread() || changed(transcript, closing),
          closing,
          true,
          fresh
              ? soon(now, closing == Closing.OPEN ? settled : now.plus(AWAITED))
              : now.plus(WATCHED));
    }
    if (session.unread()) {
      return new Verdict(true, Closing.OPEN, true, now.plus(WATCHED));
    }
    if (isForgotten(session, transcript, now)) {
      return new Verdict(true, Closing.ENDED, false, null);
    }
    boolean expects = session.turnOpen() || session.agentsRunning() > 0;
    return new Verdict(
        expects && changed(transcript, Closing.OPEN),
        Closing.OPEN,
        true,
        expects ? now.plus(WATCHED) : null);
  }

  private static Instant soon(Instant now, Instant settled) {
    Instant awaited = now.plus(AWAITED);
    return awaited.isBefore(settled) ? awaited : settled;
  }

  private boolean changed(Path transcript, Closing closing) {
    Glance last = glances.get(transcript);
    Glance current = glance(transcript, closing, Instant.MIN);
    return last == null
        || last.closing() != closing
        || last.size() != current.size()
        || last.modified() != current.modified();
  }

  private static Glance glance(Path transcript, Closing closing, Instant notBefore) {
    try {
      return new Glance(
          Files.size(transcript),
          Files.getLastModifiedTime(transcript).toMillis(),
          closing,
          notBefore);
    } catch (IOException e) {
      return new Glance(-1, 0, closing, notBefore);
    }
  }

  /** Ten minutes without a sign, and the agent's process is gone. */
  private boolean isForgotten(SessionState session, Path transcript, Instant now) {
    Visit last = session.visits().isEmpty() ? null : session.visits().getLast();
    boolean known = last != null && last.process() > 0;
    Instant limit = now.minus(known ? pace.forgotten() : UNSEEN);
    if (session.lastEvent().isAfter(limit) || runs(session)) {
      return false;
    }
    try {
      return !Files.getLastModifiedTime(transcript).toInstant().isAfter(limit);
    } catch (IOException e) {
      return true; // there is no file to be written to any more
    }
  }

  private static boolean runs(SessionState session) {
    for (Visit visit : session.visits()) {
      if (visit.process() > 0 && Processes.isAlive(visit.process(), visit.processStart())) {
        return true;
      }
    }
    return false;
  }

  private SessionState read(SessionState session, Verdict verdict, Instant now) {
    SessionFile file = session.file();
    TranscriptReader reader = readers.get(session.agent());
    if (file == null || reader == null) {
      return session;
    }
    Glance seen = glance(file.transcript(), verdict.closing(), Instant.MIN);
    SessionState state = session;
    try {
      while (true) {
        Reading reading = reader.read(file, state.cursor(), verdict.closing(), store.known());
        state = harvest(state, reading, verdict, now);
        if (!reading.more()) {
          break;
        }
      }
      glances.put(file.transcript(), seen);
    } catch (NoSuchFileException notYet) {
      // An agent names its file before it writes the first line of it.
      state = settle(state.change(), verdict, false).build();
      store.sessions().put(state);
      glances.put(file.transcript(), seen);
    } catch (StoreFailure e) {
      throw e; // nothing has changed; the worker tries everything again
    } catch (IOException | RuntimeException e) {
      // A fault of ours in one session must not hold up the others; nothing of it is stored.
      LOG.log(Level.WARNING, "cannot read " + file.transcript(), e);
      String why = e.getMessage() == null ? "unexpected content" : e.getMessage();
      state = state.change().trouble("cannot read " + file.transcript() + ": " + why).build();
      store.sessions().put(state);
      glances.put(
          file.transcript(),
          glance(file.transcript(), verdict.closing(), now.plus(pace.retry(state.troubles()))));
    }
    return state;
  }

  private SessionState harvest(
      SessionState session, Reading reading, Verdict verdict, Instant now) {
    SessionState.Change change =
        session
            .change()
            .read(
                reading.next(),
                reading.turnOpen(),
                reading.agentsRunning(),
                reading.agentVersion());
    if (!reading.more()) {
      settle(change, verdict, reading.turnOpen());
    }
    List<Harvest.Item> items = new ArrayList<>();
    for (TraceUpdate update : reading.updates()) {
      Redaction clean = redactor.apply(stamped(update, session.destination()));
      items.add(new Harvest.Item(clean.update(), clean.masked()));
    }
    boolean local = session.destination().equals(Routes.LOCAL);
    SessionState after = change.build();
    store
        .sessions()
        .harvest(
            new Harvest(
                after,
                items,
                local ? null : session.destination(),
                true,
                redactor.mode().word(),
                counts(reading),
                verdict.announced(),
                now));
    return after;
  }

  /** What a reading that reached the end of the file leaves to be expected. */
  private static SessionState.Change settle(
      SessionState.Change change, Verdict verdict, boolean turnOpen) {
    change.unread(false);
    if (!turnOpen) {
      change.stopped(null);
    }
    if (verdict.closing() == Closing.ENDED) {
      change.stopped(null).ended(null).over(true);
    }
    return change;
  }

  private TraceUpdate stamped(TraceUpdate update, String destination) {
    if (!(update instanceof TraceUpdate.Closed(Trace trace))) {
      return update;
    }
    Map<String, String> metadata = new LinkedHashMap<>(trace.metadata());
    metadata.put("ucode.version", version);
    Routes.Stamp stamp = routes.stamp(destination);
    String user = stamp == null ? null : stamp.user();
    if (user != null) {
      metadata.put("mlflow.trace.user", user);
    }
    return new TraceUpdate.Closed(
        new Trace(
            trace.id(),
            trace.session(),
            trace.agent(),
            trace.promptUuid(),
            trace.start(),
            trace.end(),
            trace.state(),
            trace.spans(),
            metadata,
            trace.tags()));
  }

  private static Map<String, Integer> counts(Reading reading) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    reading
        .unknownRecords()
        .forEach((type, count) -> counts.put(Counter.UNKNOWN_RECORD + type, count));
    counts.put(Counter.UNREADABLE_LINE, reading.unreadableLines());
    counts.put(Counter.SKIPPED_TURN, reading.skippedTurns());
    counts.put(Counter.LATE_RECORD, reading.lateRecords());
    counts.values().removeIf(count -> count <= 0);
    return counts;
  }
}
