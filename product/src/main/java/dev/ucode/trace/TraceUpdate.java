package dev.ucode.trace;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.util.List;
import java.util.Map;

/** What one reading of a session adds to what is known. */
public sealed interface TraceUpdate {
  /** The trace it belongs to. */
  TraceId traceId();

  /** A turn that has closed, whole. */
  record Closed(Trace trace) implements TraceUpdate {
    @Override
    public TraceId traceId() {
      return trace.id();
    }
  }

  /**
   * Spans of a background agent that ended after its turn had closed: they hang under the tool span
   * already sent; never a second root. Also what was learned of a sent trace that its spans cannot
   * say any more.
   *
   * @param spans perhaps none, where only tags are to be set
   * @param tags to be set on the trace
   */
  record Late(
      TraceId traceId, SessionId session, AgentId agent, List<Span> spans, Map<String, String> tags)
      implements TraceUpdate {}
}
