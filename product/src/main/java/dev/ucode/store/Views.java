package dev.ucode.store;

import dev.ucode.name.SessionId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people look at. */
public interface Views {
  /** Delivery to each destination that anything was ever put up for. */
  List<DeliveryFigures> deliveries();

  /** Traces, the newest first. */
  List<TraceLine> traces(TraceQuery query);

  /** Sessions, those with the newest traces first. */
  List<SessionLine> sessions(int most);

  /** A trace as it was stored; null where there is none, or its content was not kept. */
  @Nullable Trace trace(TraceId id);

  /** Ids that begin so, the newest first. */
  List<TraceId> idsStartingWith(String hex, int most);

  /** What left this machine of a trace, oldest first. */
  List<Disclosure> disclosures(TraceId id);

  /** What was odd, and how often. */
  List<Counter> counters();

  /** What was refused for good, the newest first. */
  List<Quarantined> quarantined();

  /** Sessions whose last reading failed. */
  List<SessionState> troubled();

  /**
   * Which traces.
   *
   * @param session of that session alone
   * @param before that began before then, to go on from an earlier page
   */
  record TraceQuery(@Nullable SessionId session, @Nullable Instant before, int most) {}

  /** A refused trace. */
  record Quarantined(
      TraceId trace, String destination, int spansRefused, String why, Instant since) {}
}
