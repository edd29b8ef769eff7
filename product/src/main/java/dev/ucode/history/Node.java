package dev.ucode.history;

import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span with those below it.
 *
 * @param label what it was about, in a few words of the agent's or the person's; may be empty
 * @param timing where its times come from; null where that is not known
 * @param usage tokens of a model call; null for everything else
 */
public record Node(
    SpanId id,
    Kind kind,
    String name,
    String label,
    Instant start,
    Instant end,
    @Nullable Timing timing,
    Outcome outcome,
    @Nullable TokenUsage usage,
    List<Event> events,
    List<Node> children) {
  /** What a span stands for. */
  public enum Kind {
    TURN,
    MODEL_CALL,
    TOOL_CALL,
    SUBAGENT,
    OTHER
  }

  public Node {
    events = List.copyOf(events);
    children = List.copyOf(children);
  }

  public Duration duration() {
    return Duration.between(start, end);
  }

  /** The same with other children. */
  Node with(List<Node> others) {
    return new Node(id, kind, name, label, start, end, timing, outcome, usage, events, others);
  }
}
