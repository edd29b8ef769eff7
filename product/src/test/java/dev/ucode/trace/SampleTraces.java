package dev.ucode.trace;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns for tests: a root, model calls and tools, with ids made as the real ones are. */
public final class SampleTraces {
  public static final Instant START = Instant.parse("2026-11-22T20:12:59.213Z");
  public static final SessionId SESSION = new SessionId("7aa7a001-0da3-4036-9df6-c70bd2710f97");

  private static final Json.Obj NOTHING = Json.object().build();

  private SampleTraces() {}

  /** A turn of that prompt with a model call and so many tool calls after it. */
  public static Trace turn(String promptUuid, int tools) {
    TraceId id = Ids.trace(AgentId.CLAUDE, promptUuid);
    SpanId root = Ids.span(id, Ids.Kind.TURN, "");
    Instant end = START.plusMillis(1200L + tools);
    List<Span> spans = new ArrayList<>();
    spans.add(span(root, null, "claude_code_conversation", end, new Detail.Turn("do it", "done")));
    spans.add(
        span(
            Ids.span(id, Ids.Kind.MODEL_CALL, "msg_1"),
            root,
            "llm",
            end,
            call("msg_1", "[{\"role\":\"user\",\"content\":\"do it\"}]")));
    for (int i = 0; i < tools; i++) {
      spans.add(tool(id, root, "toolu_" + i));
    }
    return new Trace(
        id,
        SESSION,
        AgentId.CLAUDE,
        promptUuid,
        START,
        end,
        Trace.State.OK,
        spans,
        Map.of("mlflow.trace.working_directory", "/home/dev/w"),
        Map.of());
  }

  /** A tool call of a trace. */
  public static Span tool(TraceId trace, SpanId parent, String callId) {
    return span(
        Ids.span(trace, Ids.Kind.TOOL_CALL, callId),
        parent,
        "tool_Bash",
        START.plusMillis(900),
        new Detail.ToolCall(
            "Bash",
            callId,
            null,
            Json.object().put("command", "echo hello").build(),
            Json.of("hello")));
  }

  /** A model call that was given these messages, in the agent's own JSON. */
  public static Detail.ModelCall call(String messageId, String messages) {
    return new Detail.ModelCall(
        "claude-opus-5-5",
        "anthropic",
        messageId,
        "req_1",
        array(messages),
        array("[{\"type\":\"text\",\"text\":\"done\"}]"),
        "anthropic",
        "end_turn",
        new TokenUsage(TokenUsage.Quality.EXACT, 12, 34, 500, 60));
  }

  /** A span of those parts that began with the turn. */
  public static Span span(
      SpanId id, @Nullable SpanId parent, String name, Instant end, Detail detail) {
    return new Span(
        id, parent, name, START, end, Timing.DERIVED, Outcome.OK, detail, List.of(), NOTHING);
  }

  /** The same span with another end to it. */
  public static Span with(Span span, Outcome outcome, Event... events) {
    return new Span(
        span.id(),
        span.parent(),
        span.name(),
        span.start(),
        span.end(),
        span.timing(),
        outcome,
        span.detail(),
        List.of(events),
        span.extra());
  }

  private static Json.Arr array(String text) {
    try {
      return (Json.Arr) JsonReader.parse(text);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
