package dev.ucode.trace;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One closed turn.
 *
 * @param promptUuid the agent's id of the record that began the turn
 * @param spans the root first, then the others in the order they started
 * @param metadata facts fixed for ever when the trace is first sent, by MLflow's names
 * @param tags facts that may be added to later
 */
public record Trace(
    TraceId id,
    SessionId session,
    AgentId agent,
    String promptUuid,
    Instant start,
    Instant end,
    State state,
    List<Span> spans,
    Map<String, String> metadata,
    Map<String, String> tags) {
  /** How the turn as a whole ended. */
  public enum State {
    OK,
    ERROR
  }

  public Trace {
    spans = List.copyOf(spans);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** The turn's own span. */
  public Span root() {
    return spans.getFirst();
  }

  /** What all model calls of the turn used, subagents included. */
  public TokenUsage usage() {
    TokenUsage sum = TokenUsage.UNKNOWN;
    for (Span span : spans) {
      if (span.detail() instanceof Detail.ModelCall call) {
        sum = sum.plus(call.usage());
      }
    }
    return sum;
  }
}
