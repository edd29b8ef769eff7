package dev.ucode.trace;

import dev.ucode.json.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a turn.
 *
 * @param parent null for the root alone
 * @param extra further attributes by their full names, for what only some agents record
 */
public record Span(
    SpanId id,
    @Nullable SpanId parent,
    String name,
    Instant start,
    Instant end,
    Timing timing,
    Outcome outcome,
    Detail detail,
    List<Event> events,
    Json.Obj extra) {
  public Span {
    events = List.copyOf(events);
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("span " + id + " ends before it starts");
    }
  }
}
