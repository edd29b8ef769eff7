package dev.ucode.transcript;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session's main record.
 *
 * @param transcript the main file, as the agent named it; it may not exist yet
 * @param watches the stretches of time in which an agent of ours ran the session: a turn that began
 *     outside of them is another tool's or an untraced session's, and is skipped
 */
public record SessionFile(AgentId agent, SessionId session, Path transcript, List<Watch> watches) {

  public SessionFile {
    watches = List.copyOf(watches);
  }

  /** A session watched from a moment on. */
  public SessionFile(AgentId agent, SessionId session, Path transcript, Instant firstSeen) {
    this(agent, session, transcript, List.of(new Watch(firstSeen, null)));
  }

  /**
   * A stretch of time in which one agent process of ours ran the session. A session that ran here,
   * then under a plain agent, then here again has two, with the private stretch between them.
   *
   * @param until null while the process runs
   */
  public record Watch(Instant from, @Nullable Instant until) {
    /** Whether the moment lies in it, both ends included. */
    public boolean covers(Instant moment) {
      return !moment.isBefore(from) && (until == null || !moment.isAfter(until));
    }
  }

  /** Whether a turn that began then is ours to trace. */
  public boolean watched(Instant turnStart) {
    for (Watch watch : watches) {
      if (watch.covers(turnStart)) {
        return true;
      }
    }
    return false;
  }

  /** When the session was first ours: turns that began before are its past. */
  public Instant firstSeen() {
    Instant first = Instant.MAX;
    for (Watch watch : watches) {
      first = watch.from().isBefore(first) ? watch.from() : first;
    }
    return first;
  }
}
