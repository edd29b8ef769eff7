package dev.ucode.sink;

import dev.ucode.http.Deadline;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place that takes traces. Each shipment is one attempt and answers with what is known of its
 * outcome; when to try again is the caller's decision. Spans come first and the trace's info last,
 * since the info cannot be changed later.
 */
public interface TraceSink {
  /**
   * Makes ready to append spans of one trace, in one request. Append-only: what was taken twice is
   * there twice.
   */
  Shipment spans(TraceId trace, List<Span> spans, SpanContext context);

  /** Makes ready the trace's own record: metadata, previews, state. */
  Shipment info(Trace trace);

  /** Makes ready to set tags on a trace already sent. */
  Shipment tags(TraceId trace, Map<String, String> tags);

  /** Asks which of a trace's spans the place has. */
  Presence present(TraceId trace, Deadline deadline);

  /** The answer to {@link #present}. */
  sealed interface Presence {
    /** These spans are there (others of the trace are not, once visibility delays are over). */
    record Spans(Set<SpanId> ids) implements Presence {}

    /** It cannot be asked now: a stopped warehouse, no answer, no permission… */
    record NotNow(String why) implements Presence {}

    /** It can never be asked: there is no warehouse. */
    record Never(String why) implements Presence {}
  }
}
