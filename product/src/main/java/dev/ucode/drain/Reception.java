package dev.ucode.drain;

import dev.ucode.os.Processes;
import dev.ucode.spool.HookEvent;
import dev.ucode.spool.Launch;
import dev.ucode.store.SessionState;
import dev.ucode.store.Sessions;
import dev.ucode.store.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns hook events and launches into what is known of sessions. Reads no transcript. */
final class Reception {
  /**
   * A session that no launch of ours accounts for is ours from its first event on; the record that
   * the event is about may bear a slightly earlier time.
   */
  private static final Duration ANNOUNCEMENT = Duration.ofSeconds(5);

  private final Sessions sessions;

  Reception(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Enters an event. When this returns the event's file may go: that the session is to be read is
   * written down.
   *
   * @return false where the event does not say whose it is: a bare wake-up
   */
  boolean enter(HookEvent event, List<Launch> launches) {
    HookEvent.Origin origin = event.origin();
    HookEvent.Payload payload = event.payload();
    if (origin == null || payload == null) {
      return false;
    }
    Instant at = event.firedAt();
    SessionState before = sessions.find(origin.agent(), payload.session());
    SessionState known =
        before == null
            ? SessionState.heardOf(origin.agent(), payload.session(), origin.destination(), at)
            : before;
    Launch launch = launch(origin, payload, at, launches);
    SessionState.Change change =
        known
            .change()
            .destination(origin.destination())
            .heard(at)
            .unread(true)
            .over(false)
            .visits(visited(known, launch, origin.agentProcess(), at));
    if (payload.transcript() != null) {
      change.transcript(payload.transcript());
    }
    if (payload.workingDirectory() != null) {
      change.folder(payload.workingDirectory());
    }
    switch (payload.name()) {
      case "Stop", "StopFailure" -> change.stopped(at);
      // Or a Stop of the turn before would close the next one.
      case "UserPromptSubmit", "SessionStart" -> change.stopped(null).ended(null);
      case "SessionEnd" -> {
        change.ended(at);
        change.visits(closed(visited(known, launch, origin.agentProcess(), at), at));
      }
      default -> {}
    }
    sessions.put(change.build());
    return true;
  }

  private static List<Visit> visited(
      SessionState known, @Nullable Launch launch, long agentProcess, Instant at) {
    List<Visit> visits = new ArrayList<>(known.visits());
    Visit open = visits.isEmpty() ? null : visits.getLast();
    if (open != null && open.until() != null) {
      if (!at.isAfter(open.until())) {
        return visits; // an event that was overtaken by the session's end
      }
      open = null;
    }
    Visit running = running(launch, agentProcess, at);
    if (open == null) {
      visits.add(running);
      return visits;
    }
    if (running.process() == 0 || running.process() == open.process()) {
      return visits;
    }
    visits.removeLast();
    boolean sameRun = open.process() == 0 && !running.from().isAfter(open.from());
    if (!sameRun) {
      visits.add(
          Processes.isAlive(open.process(), open.processStart())
              ? open.until(running.from())
              : ended(open, known.lastEvent()));
    }
    visits.add(running);
    return visits;
  }

  /** The process an event comes from, as far as that can be told. */
  private static Visit running(@Nullable Launch launch, long agentProcess, Instant at) {
    if (launch != null) {
      return new Visit(launch.process(), launch.processStart(), launch.at(), null);
    }
    Instant start = Processes.startOf(agentProcess);
    return start == null || start.isAfter(at)
        ? new Visit(0, null, at.minus(ANNOUNCEMENT), null)
        : new Visit(agentProcess, start, start.minus(ANNOUNCEMENT), null);
  }

  /**
   * The visit of a process that is gone without a word. A hook told of each turn that it began, so
   * what began later is another's: the same session, resumed by a plain agent, is private.
   */
  static Visit ended(Visit visit, Instant lastEvent) {
    Instant end = lastEvent.plus(ANNOUNCEMENT);
    return visit.until(end.isBefore(visit.from()) ? visit.from() : end);
  }

  private static List<Visit> closed(List<Visit> visits, Instant at) {
    if (visits.isEmpty() || visits.getLast().until() != null) {
      return visits;
    }
    List<Visit> all = new ArrayList<>(visits);
    all.add(all.removeLast().until(at));
    return all;
  }

  /** The launch an event belongs to: its own parent's, else the latest in that folder. */
  private static @Nullable Launch launch(
      HookEvent.Origin origin, HookEvent.Payload payload, Instant at, List<Launch> launches) {
    Launch found = null;
    for (Launch launch : launches) {
      if (!launch.agent().equals(origin.agent()) || launch.at().isAfter(at)) {
        continue;
      }
      if (launch.process() == origin.agentProcess()) {
        return launch;
      }
      boolean here = Objects.equals(launch.workingDirectory(), payload.workingDirectory());
      if (here
          && Processes.isAlive(launch.process(), launch.processStart())
          && (found == null || launch.at().isAfter(found.at()))) {
        found = launch;
      }
    }
    return found;
  }
}
