package dev.ucode.drain;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.os.Processes;
import dev.ucode.spool.Launch;
import dev.ucode.spool.Launches;
import dev.ucode.store.SessionState;
import dev.ucode.store.Sessions;
import dev.ucode.store.Visit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Looks for sessions of our launches that no hook told of: hooks that were not trusted, a disk that
 * was full, an agent that was killed at once. Only a session that the launch itself named is taken:
 * a plain agent in the same folder at the same time is private.
 */
final class Sweep {
  /** A launch whose process is gone is kept this long, for events that are still on their way. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final Launches launches;
  private final Sessions sessions;
  private final Map<AgentId, SessionFinder> finders;

  Sweep(Launches launches, Sessions sessions, Map<AgentId, SessionFinder> finders) {
    this.launches = launches;
    this.sessions = sessions;
    this.finders = Map.copyOf(finders);
  }

  /** One look; says whether a session was found. */
  boolean look(Instant now) throws IOException {
    boolean found = false;
    for (Launch launch : launches.all()) {
      SessionFinder finder = finders.get(launch.agent());
      SessionId named = launch.session();
      if (finder != null && named != null && sessions.find(launch.agent(), named) == null) {
        Path transcript = finder.transcript(launch.workingDirectory(), named);
        if (transcript != null) {
          enter(launch, named, transcript, now);
          found = true;
        }
      }
      if (!Processes.isAlive(launch.process(), launch.processStart())
          && launch.at().plus(KEPT).isBefore(now)) {
        launches.remove(launch);
      }
    }
    return found;
  }

  private void enter(Launch launch, SessionId session, Path transcript, Instant now) {
    Visit visit = new Visit(launch.process(), launch.processStart(), launch.at(), null);
    sessions.put(
        SessionState.heardOf(launch.agent(), session, launch.destination(), now)
            .change()
            .transcript(transcript)
            .folder(launch.workingDirectory())
            .visits(List.of(visit))
            .build());
  }
}
