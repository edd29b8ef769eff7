package dev.ucode.trace;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces as JSON and back, without loss: what the store keeps and the outbox holds. Times are ISO
 * 8601 with as many digits as they have; members that are null are left out. It is our own form,
 * not a wire format of anybody else's.
 */
public final class TraceJson {
  private TraceJson() {}

  /** A whole trace. */
  public static Json.Obj write(Trace trace) {
    return Json.object()
        .put("id", trace.id().hex())
        .put("session", trace.session().value())
        .put("agent", trace.agent().value())
        .put("prompt_uuid", trace.promptUuid())
        .put("start", trace.start().toString())
        .put("end", trace.end().toString())
        .put("state", word(trace.state()))
        .put("spans", writeSpans(trace.spans()))
        .put("metadata", strings(trace.metadata()))
        .put("tags", strings(trace.tags()))
        .build();
  }

  /**
   * The inverse of {@link #write(Trace)}.
   *
   * @throws IllegalArgumentException where the value was not written by it
   */
  public static Trace readTrace(Json from) {
    return new Trace(
        new TraceId(need(from, "id")),
        new SessionId(need(from, "session")),
        new AgentId(need(from, "agent")),
        need(from, "prompt_uuid"),
        time(from, "start"),
        time(from, "end"),
        choice(Trace.State.class, from, "state"),
        readSpans(from.items("spans")),
        strings(from, "metadata"),
        strings(from, "tags"));
  }

  /** A closed trace or late spans. */
  public static Json.Obj write(TraceUpdate update) {
    return switch (update) {
      case TraceUpdate.Closed(Trace trace) ->
          Json.object().put("is", "closed").put("trace", write(trace)).build();
      case TraceUpdate.Late late ->
          Json.object()
              .put("is", "late")
              .put("trace_id", late.traceId().hex())
              .put("session", late.session().value())
              .put("agent", late.agent().value())
              .put("spans", writeSpans(late.spans()))
              .put("tags", strings(late.tags()))
              .build();
    };
  }

  /**
   * The inverse of {@link #write(TraceUpdate)}.
   *
   * @throws IllegalArgumentException where the value was not written by it
   */
  public static TraceUpdate readUpdate(Json from) {
    String is = need(from, "is");
    return switch (is) {
      case "closed" -> new TraceUpdate.Closed(readTrace(object(from, "trace")));
      case "late" ->
          new TraceUpdate.Late(
              new TraceId(need(from, "trace_id")),
              new SessionId(need(from, "session")),
              new AgentId(need(from, "agent")),
              readSpans(from.items("spans")),
              strings(from, "tags"));
      default -> throw new IllegalArgumentException("not an update: " + is);
    };
  }

  /** One span. */
  public static Json.Obj write(Span span) {
    List<Json> events = new ArrayList<>();
    for (Event event : span.events()) {
      events.add(
          Json.object()
              .put("name", event.name())
              .put("time", event.time().toString())
              .put("attributes", event.attributes())
              .build());
    }
    SpanId parent = span.parent();
    return Json.object()
        .put("id", span.id().hex())
        .putIfPresent("parent", parent == null ? null : parent.hex())
        .put("name", span.name())
        .put("start", span.start().toString())
        .put("end", span.end().toString())
        .put("timing", word(span.timing()))
        .put("outcome", write(span.outcome()))
        .put("detail", write(span.detail()))
        .put("events", events)
        .put("extra", span.extra())
        .build();
  }

  /**
   * The inverse of {@link #write(Span)}.
   *
   * @throws IllegalArgumentException where the value was not written by it
   */
  public static Span readSpan(Json from) {
    List<Event> events = new ArrayList<>();
    for (Json event : from.items("events")) {
      events.add(new Event(need(event, "name"), time(event, "time"), object(event, "attributes")));
    }
    String parent = from.text("parent");
    return new Span(
        new SpanId(need(from, "id")),
        parent == null ? null : new SpanId(parent),
        need(from, "name"),
        time(from, "start"),
        time(from, "end"),
        choice(Timing.class, from, "timing"),
        readOutcome(object(from, "outcome")),
        readDetail(object(from, "detail")),
        events,
        object(from, "extra"));
  }

  private static List<Json> writeSpans(List<Span> spans) {
    List<Json> written = new ArrayList<>(spans.size());
    for (Span span : spans) {
      written.add(write(span));
    }
    return written;
  }

  private static List<Span> readSpans(List<Json> from) {
    List<Span> spans = new ArrayList<>(from.size());
    for (Json span : from) {
      spans.add(readSpan(span));
    }
    return spans;
  }

  private static Json.Obj write(Outcome outcome) {
    Json.Builder out = Json.object();
    return switch (outcome) {
      case Outcome.Ok() -> out.put("is", "ok").build();
      case Outcome.Failed(String type, String message) ->
          out.put("is", "failed").put("type", type).put("message", message).build();
      case Outcome.Interrupted() -> out.put("is", "interrupted").build();
      case Outcome.Unfinished() -> out.put("is", "unfinished").build();
    };
  }

  private static Outcome readOutcome(Json from) {
    String is = need(from, "is");
    return switch (is) {
      case "ok" -> Outcome.OK;
      case "failed" -> new Outcome.Failed(need(from, "type"), need(from, "message"));
      case "interrupted" -> new Outcome.Interrupted();
      case "unfinished" -> new Outcome.Unfinished();
      default -> throw new IllegalArgumentException("not an outcome: " + is);
    };
  }

  private static Json.Obj write(Detail detail) {
    Json.Builder out = Json.object();
    return switch (detail) {
      case Detail.Turn(String prompt, String response) ->
          out.put("is", "turn").put("prompt", prompt).put("response", response).build();
      case Detail.ModelCall call ->
          out.put("is", "model_call")
              .putIfPresent("model", call.model())
              .put("provider", call.provider())
              .put("message_id", call.messageId())
              .putIfPresent("request_id", call.requestId())
              .put("input", call.input())
              .put("output", call.output())
              .put("format", call.format())
              .putIfPresent("stop_reason", call.stopReason())
              .put("usage", write(call.usage()))
              .build();
      case Detail.ToolCall call ->
          out.put("is", "tool_call")
              .put("name", call.name())
              .put("call_id", call.callId())
              .putIfPresent("mcp_server", call.mcpServer())
              .put("input", call.input())
              .putIfPresent("result", call.result())
              .build();
      case Detail.Subagent agent ->
          out.put("is", "subagent")
              .put("agent_id", agent.agentId())
              .put("type", agent.type())
              .putIfPresent("description", agent.description())
              .put("prompt", agent.prompt())
              .put("response", agent.response())
              .put("background", agent.background())
              .build();
    };
  }

  private static Detail readDetail(Json from) {
    String is = need(from, "is");
    return switch (is) {
      case "turn" -> new Detail.Turn(need(from, "prompt"), need(from, "response"));
      case "model_call" ->
          new Detail.ModelCall(
              from.text("model"),
              need(from, "provider"),
              need(from, "message_id"),
              from.text("request_id"),
              array(from, "input"),
              array(from, "output"),
              need(from, "format"),
              from.text("stop_reason"),
              readUsage(object(from, "usage")));
      case "tool_call" ->
          new Detail.ToolCall(
              need(from, "name"),
              need(from, "call_id"),
              from.text("mcp_server"),
              value(from, "input"),
              from.get("result"));
      case "subagent" ->
          new Detail.Subagent(
              need(from, "agent_id"),
              need(from, "type"),
              from.text("description"),
              need(from, "prompt"),
              need(from, "response"),
              from.isTrue("background"));
      default -> throw new IllegalArgumentException("not a span's detail: " + is);
    };
  }

  private static Json.Obj write(TokenUsage usage) {
    return Json.object()
        .put("quality", word(usage.quality()))
        .put("input", usage.input())
        .put("output", usage.output())
        .put("cache_read", usage.cacheRead())
        .put("cache_creation", usage.cacheCreation())
        .build();
  }

  private static TokenUsage readUsage(Json from) {
    return new TokenUsage(
        choice(TokenUsage.Quality.class, from, "quality"),
        count(from, "input"),
        count(from, "output"),
        count(from, "cache_read"),
        count(from, "cache_creation"));
  }

  private static Json.Obj strings(Map<String, String> map) {
    Json.Builder out = Json.object();
    map.forEach(out::put);
    return out.build();
  }

  private static Map<String, String> strings(Json from, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : object(from, name).members().entrySet()) {
      if (!(member.getValue() instanceof Json.Str(String text))) {
        throw new IllegalArgumentException("not a string: " + name + "." + member.getKey());
      }
      map.put(member.getKey(), text);
    }
    return map;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E choice(Class<E> type, Json from, String name) {
    return Enum.valueOf(type, need(from, name).toUpperCase(Locale.ROOT));
  }

  private static Instant time(Json from, String name) {
    String text = need(from, name);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time: " + name + " " + text, e);
    }
  }

  private static String need(Json from, String name) {
    return present(from.text(name), name);
  }

  private static long count(Json from, String name) {
    return present(from.number(name), name);
  }

  private static Json value(Json from, String name) {
    return present(from.get(name), name);
  }

  private static Json.Obj object(Json from, String name) {
    return present(from.get(name) instanceof Json.Obj found ? found : null, name);
  }

  private static Json.Arr array(Json from, String name) {
    return present(from.get(name) instanceof Json.Arr found ? found : null, name);
  }

  private static <T> T present(@Nullable T found, String name) {
    if (found == null) {
      throw new IllegalArgumentException("no usable member '" + name + "'");
    }
    return found;
  }
}
