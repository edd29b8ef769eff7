package dev.ucode.redact;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a trace what must not be stored or sent. It works on values, after their JSON has
 * been read, and leaves alone what only looks like a secret because it is an id, a signature, a
 * hash or a count. Safe for use by several threads.
 */
public final class Redactor {
  /** Members of a message or a content block that the agent or the model made up, not a person. */
  private static final Set<String> PROTOCOL =
      Set.of(
          "id",
          "type",
          "role",
          "model",
          "signature",
          "tool_use_id",
          "tool_call_id",
          "call_id",
          "stop_reason",
          "stop_sequence",
          "usage",
          "media_type",
          "encrypted_content",
          "hash",
          "thoughtSignature",
          "cache_control",
          "uuid",
          "request_id",
          "container");

  private final Mode mode;
  private final Masker masker;

  /**
   * @param key makes the marks; a secret of this installation, at least 16 random bytes
   */
  public Redactor(Mode mode, byte[] key) {
    if (key.length < 16) {
      throw new IllegalArgumentException("the key has only " + key.length + " bytes");
    }
    this.mode = mode;
    this.masker = new Masker(key);
  }

  /** The mode it works in. */
  public Mode mode() {
    return mode;
  }

  /** One reading's result without what the mode keeps back. */
  public Redaction apply(TraceUpdate update) {
    if (mode == Mode.FULL) {
      return new Redaction(update, Map.of());
    }
    Map<String, Integer> masked = new TreeMap<>();
    TraceUpdate clean =
        switch (update) {
          case TraceUpdate.Closed(Trace trace) ->
              new TraceUpdate.Closed(
                  new Trace(
                      trace.id(),
                      trace.session(),
                      trace.agent(),
                      trace.promptUuid(),
                      trace.start(),
                      trace.end(),
                      trace.state(),
                      spans(trace.spans(), masked),
                      strings(trace.metadata(), masked),
                      strings(trace.tags(), masked)));
          case TraceUpdate.Late late ->
              new TraceUpdate.Late(
                  late.traceId(),
                  late.session(),
                  late.agent(),
                  spans(late.spans(), masked),
                  strings(late.tags(), masked));
        };
    return new Redaction(clean, masked);
  }

  /** A text without its secrets, whatever the mode: for what is shown or logged. */
  public String mask(String text) {
    return masker.mask(text, new TreeMap<>());
  }

  private List<Span> spans(List<Span> spans, Map<String, Integer> masked) {
    List<Span> clean = new ArrayList<>(spans.size());
    for (Span span : spans) {
      clean.add(
          new Span(
              span.id(),
              span.parent(),
              span.name(),
              span.start(),
              span.end(),
              span.timing(),
              outcome(span.outcome(), masked),
              detail(span.detail(), masked),
              events(span.events(), masked),
              attributes(span.extra(), masked)));
    }
    return clean;
  }

  private Outcome outcome(Outcome outcome, Map<String, Integer> masked) {
    return outcome instanceof Outcome.Failed(String type, String message)
        ? new Outcome.Failed(type, content(message, masked))
        : outcome;
  }

  private Detail detail(Detail detail, Map<String, Integer> masked) {
    return switch (detail) {
      case Detail.Turn(String prompt, String response) ->
          new Detail.Turn(content(prompt, masked), content(response, masked));
      case Detail.ModelCall call ->
          new Detail.ModelCall(
              call.model(),
              call.provider(),
              call.messageId(),
              call.requestId(),
              messages(call.input(), masked),
              messages(call.output(), masked),
              call.format(),
              call.stopReason(),
              call.usage());
      case Detail.ToolCall tool ->
          new Detail.ToolCall(
              tool.name(),
              tool.callId(),
              tool.mcpServer(),
              mode == Mode.METADATA ? Json.object().build() : free(tool.input(), masked),
              result(tool.result(), masked));
      case Detail.Subagent agent ->
          new Detail.Subagent(
              agent.agentId(),
              agent.type(),
              agent.description() == null ? null : content(agent.description(), masked),
              content(agent.prompt(), masked),
              content(agent.response(), masked),
              agent.background());
    };
  }

  private @Nullable Json result(@Nullable Json result, Map<String, Integer> masked) {
    if (result == null || mode == Mode.METADATA) {
      return null;
    }
    return result instanceof Json.Arr blocks ? protocol(blocks, masked) : free(result, masked);
  }

  private Json.Arr messages(Json.Arr messages, Map<String, Integer> masked) {
    if (mode == Mode.METADATA) {
      return new Json.Arr(List.of());
    }
    return (Json.Arr) protocol(messages, masked);
  }

  private String content(String text, Map<String, Integer> masked) {
    return mode == Mode.METADATA ? "" : masker.mask(text, masked);
  }

  private List<Event> events(List<Event> events, Map<String, Integer> masked) {
    if (events.isEmpty()) {
      return events;
    }
    List<Event> clean = new ArrayList<>(events.size());
    for (Event event : events) {
      clean.add(new Event(event.name(), event.time(), attributes(event.attributes(), masked)));
    }
    return clean;
  }

  /** Our own names, the agent's values: without content only what cannot hold any is left. */
  private Json.Obj attributes(Json.Obj attributes, Map<String, Integer> masked) {
    Map<String, Json> clean = new LinkedHashMap<>();
    attributes
        .members()
        .forEach(
            (name, value) -> {
              if (mode != Mode.METADATA) {
                clean.put(name, member(name, value, masked));
              } else if (value instanceof Json.Num || value instanceof Json.Bool) {
                clean.put(name, value);
              }
            });
    return new Json.Obj(clean);
  }

  private Map<String, String> strings(Map<String, String> values, Map<String, Integer> masked) {
    Map<String, String> clean = new LinkedHashMap<>();
    values.forEach((name, value) -> clean.put(name, masker.mask(value, masked)));
    return clean;
  }

  /** A message or content block: its own members stay, what people and tools wrote is masked. */
  private Json protocol(Json value, Map<String, Integer> masked) {
    return switch (value) {
      case Json.Str(String text) -> string(value, text, masked);
      case Json.Arr(List<Json> items) -> {
        List<Json> clean = new ArrayList<>(items.size());
        items.forEach(item -> clean.add(protocol(item, masked)));
        yield new Json.Arr(clean);
      }
      case Json.Obj(Map<String, Json> members) -> {
        String type = value.text("type", "");
        boolean blob = type.equals("base64") || type.equals("redacted_thinking");
        Map<String, Json> clean = new LinkedHashMap<>();
        members.forEach(
            (name, member) -> {
              if (PROTOCOL.contains(name) || (blob && name.equals("data"))) {
                clean.put(name, member);
              } else if (name.equals("input") || name.equals("arguments")) {
                clean.put(name, free(member, masked));
              } else {
                clean.put(name, protocol(member, masked));
              }
            });
        yield new Json.Obj(clean);
      }
      default -> value;
    };
  }

  /** What a person, a model or a tool made up freely. */
  private Json free(Json value, Map<String, Integer> masked) {
    return switch (value) {
      case Json.Str(String text) -> string(value, text, masked);
      case Json.Arr(List<Json> items) -> {
        List<Json> clean = new ArrayList<>(items.size());
        String before = "";
        for (Json item : items) {
          // a command's words: "--password", "hunter2"
          clean.add(before.startsWith("--") ? member(before, item, masked) : free(item, masked));
          before = item instanceof Json.Str(String text) ? text : "";
        }
        yield new Json.Arr(clean);
      }
      case Json.Obj(Map<String, Json> members) -> {
        Map<String, Json> clean = new LinkedHashMap<>();
        members.forEach((name, member) -> clean.put(name, member(name, member, masked)));
        yield new Json.Obj(clean);
      }
      default -> value;
    };
  }

  private Json member(String name, Json value, Map<String, Integer> masked) {
    if (!(value instanceof Json.Str(String text))) {
      return free(value, masked);
    }
    String clean = masker.mask(text, masked);
    if (clean.equals(text) && AssignmentRule.holdsSecret(name, text)) {
      clean = masker.mark(text, masked);
    }
    return clean.equals(text) ? value : new Json.Str(clean);
  }

  private Json string(Json value, String text, Map<String, Integer> masked) {
    String clean = masker.mask(text, masked);
    return clean.equals(text) ? value : new Json.Str(clean);
  }
}
