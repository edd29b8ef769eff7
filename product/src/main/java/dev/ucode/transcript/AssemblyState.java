package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.TraceId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a session between readings, besides the offset: how the last turn ended,
 * which agents still run, where their files were read to, and the session's running totals. It
 * changes only when a turn closes or between turns, so that a turn read again changes nothing.
 */
final class AssemblyState {
  /** How many launches, agents and tasks are remembered; the oldest are forgotten first. */
  private static final int REMEMBERED = 200;

  /**
   * The turn that closed last.
   *
   * @param sent false where it was skipped
   * @param calls ids of its model calls and tools, to know late records of them
   */
  record Last(TraceId trace, Instant end, boolean sent, List<String> calls) {}

  /**
   * An agent whose spans are still to come.
   *
   * @param ownId what its span id is made of
   * @param toolSpan the span of the call that started it
   */
  record Running(
      String agentId,
      String ownId,
      TraceId trace,
      SpanId toolSpan,
      String toolCall,
      String type,
      @Nullable String description,
      long from) {}

  @Nullable Last last;
  final List<Running> running = new ArrayList<>();

  /** Where the next run begins in an agent's file. */
  final Map<String, Long> read = new LinkedHashMap<>();

  /** Which trace launched a background task, by the task's id and by the tool call's. */
  final Map<String, TraceId> launched = new LinkedHashMap<>();

  /** Tool calls whose background task is over. */
  final Map<String, Boolean> done = new LinkedHashMap<>();

  /** How many spans came late, by trace. */
  final Map<TraceId, Integer> late = new LinkedHashMap<>();

  /** The session's totals when they were last recorded; null where they are not known. */
  @Nullable TokenUsage totals = new TokenUsage(TokenUsage.Quality.EXACT, 0, 0, 0, 0);

  String era = "";

  /** What the model calls recorded since then used. */
  TokenUsage since = TokenUsage.UNKNOWN;

  /** How many turns those were. */
  int turnsSince;

  boolean turnEndsRecorded;

  void launched(String id, TraceId trace) {
    launched.put(id, trace);
    forget(launched);
  }

  void done(String id) {
    done.put(id, true);
    forget(done);
  }

  void read(String agentId, long next) {
    read.put(agentId, next);
    forget(read);
  }

  /** Adds to a trace's count of late spans and gives the sum. */
  int late(TraceId trace, int more) {
    int sum = late.merge(trace, more, Integer::sum);
    forget(late);
    return sum;
  }

  private static void forget(Map<?, ?> map) {
    Iterator<?> eldest = map.keySet().iterator();
    for (int surplus = map.size() - REMEMBERED; surplus > 0; surplus--) {
      eldest.next();
      eldest.remove();
    }
  }

  Json.Obj write() {
    Json.Builder out = Json.object();
    if (last != null) {
      List<Json> calls = new ArrayList<>();
      last.calls().forEach(call -> calls.add(Json.of(call)));
      out.put(
          "last",
          Json.object()
              .put("trace", last.trace().hex())
              .put("end", last.end().toString())
              .put("sent", last.sent())
              .put("calls", calls)
              .build());
    }
    List<Json> agents = new ArrayList<>();
    for (Running agent : running) {
      agents.add(
          Json.object()
              .put("agent", agent.agentId())
              .put("own", agent.ownId())
              .put("trace", agent.trace().hex())
              .put("tool_span", agent.toolSpan().hex())
              .put("tool_call", agent.toolCall())
              .put("type", agent.type())
              .putIfPresent("description", agent.description())
              .put("from", agent.from())
              .build());
    }
    Json.Builder positions = Json.object();
    read.forEach(positions::put);
    Json.Builder launches = Json.object();
    launched.forEach((id, trace) -> launches.put(id, trace.hex()));
    List<Json> over = new ArrayList<>();
    done.keySet().forEach(id -> over.add(Json.of(id)));
    Json.Builder lateSpans = Json.object();
    late.forEach((trace, count) -> lateSpans.put(trace.hex(), (long) count));
    return out.put("running", agents)
        .put("read", positions.build())
        .put("launched", launches.build())
        .put("done", over)
        .put("late", lateSpans.build())
        .putIfPresent("totals", totals == null ? null : write(totals))
        .put("era", era)
        .put("since", write(since))
        .put("turns_since", turnsSince)
        .put("turn_ends", turnEndsRecorded)
        .build();
  }

  /** The inverse of {@link #write}; whatever cannot be read is as if it had never been. */
  static AssemblyState read(Json from) {
    AssemblyState state = new AssemblyState();
    if (!(from instanceof Json.Obj written) || written.members().isEmpty()) {
      return state;
    }
    try {
      state.fill(written);
      return state;
    } catch (IllegalArgumentException | DateTimeException damaged) {
      return new AssemblyState();
    }
  }

  private void fill(Json.Obj from) {
    if (from.get("last") instanceof Json.Obj turn) {
      List<String> calls = new ArrayList<>();
      turn.items("calls").forEach(call -> calls.add(String.valueOf(call.asText())));
      last =
          new Last(
              new TraceId(turn.text("trace", "")),
              Instant.parse(turn.text("end", "")),
              turn.isTrue("sent"),
              calls);
    }
    for (Json agent : from.items("running")) {
      running.add(
          new Running(
              agent.text("agent", ""),
              agent.text("own", ""),
              new TraceId(agent.text("trace", "")),
              new SpanId(agent.text("tool_span", "")),
              agent.text("tool_call", ""),
              agent.text("type", ""),
              agent.text("description"),
              agent.number("from", 0)));
    }
    for (String agent : names(from.get("read"))) {
      read.put(agent, number(from, "read", agent));
    }
    for (String id : names(from.get("launched"))) {
      Json launches = from.get("launched");
      launched.put(id, new TraceId(launches == null ? "" : launches.text(id, "")));
    }
    from.items("done").forEach(id -> done.put(String.valueOf(id.asText()), true));
    for (String trace : names(from.get("late"))) {
      late.put(new TraceId(trace), (int) number(from, "late", trace));
    }
    Json sum = from.get("totals");
    totals = sum == null ? null : usage(sum);
    era = from.text("era", "");
    Json used = from.get("since");
    since = used == null ? TokenUsage.UNKNOWN : usage(used);
    turnsSince = (int) from.number("turns_since", 0);
    turnEndsRecorded = from.isTrue("turn_ends");
  }

  private static Iterable<String> names(@Nullable Json object) {
    return object instanceof Json.Obj(Map<String, Json> members) ? members.keySet() : List.of();
  }

  private static long number(Json from, String object, String name) {
    Json found = from.get(object);
    return found == null ? 0 : found.number(name, 0);
  }

  private static Json.Obj write(TokenUsage usage) {
    return Json.object()
        .put("quality", usage.quality().name())
        .put("input", usage.input())
        .put("output", usage.output())
        .put("cache_read", usage.cacheRead())
        .put("cache_creation", usage.cacheCreation())
        .build();
  }

  private static TokenUsage usage(Json from) {
    return new TokenUsage(
        TokenUsage.Quality.valueOf(from.text("quality", "")),
        from.number("input", 0),
        from.number("output", 0),
        from.number("cache_read", 0),
        from.number("cache_creation", 0));
  }
}
