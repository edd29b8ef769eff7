package dev.ucode.store;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.SessionFile;
import dev.ucode.transcript.SessionFile.Watch;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session.
 *
 * @param destination where its traces go; that of the last event
 * @param transcript its main file; null until an event has named it
 * @param cursor where to read on
 * @param visits the processes of ours that ran it, oldest first
 * @param stopped when a Stop fired whose turn has not closed yet
 * @param ended when the agent said that the session is over, until the last reading is done
 * @param unread whether something was heard of it that no reading has answered
 * @param over whether nothing more is expected of it
 * @param turnOpen whether a turn has begun that has not closed
 * @param agentsRunning background agents with spans still to come
 * @param agentVersion as the records name it, or empty
 * @param trouble why the last reading failed, or null
 * @param troubles how often in a row it has
 */
public record SessionState(
    AgentId agent,
    SessionId session,
    String destination,
    @Nullable Path transcript,
    @Nullable Path folder,
    Cursor cursor,
    List<Visit> visits,
    Instant firstEvent,
    Instant lastEvent,
    @Nullable Instant stopped,
    @Nullable Instant ended,
    boolean unread,
    boolean over,
    boolean turnOpen,
    int agentsRunning,
    String agentVersion,
    @Nullable String trouble,
    int troubles) {
  public SessionState {
    visits = List.copyOf(visits);
  }

  /** A session heard of for the first time. */
  public static SessionState heardOf(
      AgentId agent, SessionId session, String destination, Instant at) {
    return new SessionState(
        agent,
        session,
        destination,
        null,
        null,
        Cursor.START,
        List.of(),
        at,
        at,
        null,
        null,
        true,
        false,
        false,
        0,
        "",
        null,
        0);
  }

  /** As a transcript reader wants it; null where no file is known. */
  public @Nullable SessionFile file() {
    if (transcript == null) {
      return null;
    }
    List<Watch> watches = new ArrayList<>(visits.size());
    for (Visit visit : visits) {
      watches.add(visit.watch());
    }
    return new SessionFile(agent, session, transcript, watches);
  }

  /** Begins a changed copy. */
  public Change change() {
    return new Change(this);
  }

  /** A copy in the making. */
  public static final class Change {
    private final SessionState of;
    private String destination;
    private @Nullable Path transcript;
    private @Nullable Path folder;
    private Cursor cursor;
    private List<Visit> visits;
    private Instant lastEvent;
    private @Nullable Instant stopped;
    private @Nullable Instant ended;
    private boolean unread;
    private boolean over;
    private boolean turnOpen;
    private int agentsRunning;
    private String agentVersion;
    private @Nullable String trouble;
    private int troubles;

    private Change(SessionState of) {
      this.of = of;
      this.destination = of.destination;
      this.transcript = of.transcript;
      this.folder = of.folder;
      this.cursor = of.cursor;
      this.visits = of.visits;
      this.lastEvent = of.lastEvent;
      this.stopped = of.stopped;
      this.ended = of.ended;
      this.unread = of.unread;
      this.over = of.over;
      this.turnOpen = of.turnOpen;
      this.agentsRunning = of.agentsRunning;
      this.agentVersion = of.agentVersion;
      this.trouble = of.trouble;
      this.troubles = of.troubles;
    }

    public Change destination(String value) {
      destination = value;
      return this;
    }

    public Change transcript(Path value) {
      transcript = value;
      return this;
    }

    public Change folder(Path value) {
      folder = value;
      return this;
    }

    public Change visits(List<Visit> value) {
      visits = value;
      return this;
    }

    public Change heard(Instant at) {
      lastEvent = at.isAfter(lastEvent) ? at : lastEvent;
      return this;
    }

    public Change stopped(@Nullable Instant value) {
      stopped = value;
      return this;
    }

    public Change ended(@Nullable Instant value) {
      ended = value;
      return this;
    }

    public Change unread(boolean value) {
      unread = value;
      return this;
    }

    public Change over(boolean value) {
      over = value;
      return this;
    }

    /** The result of a reading. */
    public Change read(Cursor next, boolean open, int agents, String version) {
      cursor = next;
      turnOpen = open;
      agentsRunning = agents;
      agentVersion = version.isEmpty() ? agentVersion : version;
      trouble = null;
      troubles = 0;
      return this;
    }

    /** A reading failed. */
    public Change trouble(String why) {
      trouble = why;
      troubles++;
      return this;
    }

    public SessionState build() {
      return new SessionState(
          of.agent,
          of.session,
          destination,
          transcript,
          folder,
          cursor,
          visits,
          of.firstEvent,
          lastEvent,
          stopped,
          ended,
          unread,
          over,
          turnOpen,
          agentsRunning,
          agentVersion,
          trouble,
          troubles);
    }
  }
}
