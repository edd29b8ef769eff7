package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.gateway.Move.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A scenario told by a data file: its steps one after the other, the last one again and again.
 *
 * <p>A step is an object. It may {@code think} (text) and {@code say} (text, in which <code>
 * ${output}</code> stands for what the tools said last; or <code>{"word": "word", "count": 600}
 * </code> for that many numbered words), then {@code call} (list of actions: {@code shell}; {@code
 * write} with {@code content} or with {@code line} and {@code bytes}; {@code edit} with {@code
 * before} and {@code after}; {@code task} with {@code prompt}; {@code todo}), {@code stop} with a
 * reason of its own, {@code pauseMillis} between words, {@code break} its stream ({@code "error"}
 * or {@code "cut"}); or it may {@code fail} with {@code status}, {@code type}, {@code message},
 * {@code retryAfter} and how many {@code times}. Unknown keys are refused, so that a typing error
 * cannot pass for a scenario.
 */
final class ScriptedScenario {
  private static final Set<String> STEP_KEYS =
      Set.of("think", "say", "call", "stop", "pauseMillis", "break", "fail");

  private final String name;
  private final List<JsonNode> steps = new ArrayList<>();

  ScriptedScenario(String name, JsonNode script) {
    this.name = name;
    only(script, Set.of("about", "steps"));
    text(script, "about");
    for (JsonNode step : script.path("steps")) {
      only(step, STEP_KEYS);
      steps.add(step);
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("scenario " + name + " has no steps");
    }
  }

  /**
   * The move of this step.
   *
   * @param failuresSoFar how often this very step has failed before, for a step that fails a number
   *     of times and then does not
   */
  Move move(Conversation conversation, int failuresSoFar) {
    JsonNode step = steps.get(Math.min(conversation.step(), steps.size() - 1));
    JsonNode fail = step.path("fail");
    if (!fail.isMissingNode()) {
      only(fail, Set.of("status", "type", "message", "retryAfter", "times"));
      if (failuresSoFar < fail.path("times").asInt(Integer.MAX_VALUE)) {
        return new Move.Refusal(
            fail.path("status").asInt(),
            text(fail, "type"),
            text(fail, "message"),
            fail.has("retryAfter")
                ? Optional.of(fail.path("retryAfter").asInt())
                : Optional.empty());
      }
    }
    Speech speech = new Speech(conversation);
    if (step.has("think")) {
      speech.think(text(step, "think"));
    }
    if (step.has("say") || !step.has("call")) {
      speech.say(words(step.path("say"), conversation));
    }
    for (JsonNode call : step.path("call")) {
      speech.act(action(call, conversation));
    }
    speech.deliver(delivery(step));
    return step.has("stop") ? speech.done(text(step, "stop")) : speech.done();
  }

  private Delivery delivery(JsonNode step) {
    if (step.has("pauseMillis")) {
      return new Delivery.Paced(Duration.ofMillis(step.path("pauseMillis").asLong()));
    }
    return switch (step.path("break").asText("")) {
      case "" -> new Delivery.Prompt();
      case "error" -> new Delivery.ErrorEvent();
      case "cut" -> new Delivery.Cut();
      default -> throw wrong("break", step);
    };
  }

  private String words(JsonNode say, Conversation conversation) {
    if (say.isTextual()) {
      return say.textValue().replace("${output}", conversation.output());
    }
    only(say, Set.of("word", "count"));
    StringBuilder numbered = new StringBuilder();
    for (int i = 0; i < say.path("count").asInt(); i++) {
      numbered.append(text(say, "word")).append(i).append(' ');
    }
    return numbered.toString();
  }

  private Action action(JsonNode call, Conversation conversation) {
    if (call.has("shell")) {
      only(call, Set.of("shell"));
      return new Action.Shell(text(call, "shell"));
    }
    if (call.has("write")) {
      only(call, Set.of("write", "content", "line", "bytes"));
      String content =
          call.has("content")
              ? text(call, "content")
              : repeated(text(call, "line"), call.path("bytes").asInt());
      return new Action.Write(conversation.path(text(call, "write")), content);
    }
    if (call.has("edit")) {
      only(call, Set.of("edit", "before", "after"));
      return new Action.Edit(
          conversation.path(text(call, "edit")), text(call, "before"), text(call, "after"));
    }
    if (call.has("task")) {
      only(call, Set.of("task", "prompt"));
      return new Action.Task(text(call, "task"), text(call, "prompt"));
    }
    if (call.has("todo")) {
      only(call, Set.of("todo"));
      List<String> items = new ArrayList<>();
      call.path("todo").forEach(item -> items.add(item.asText()));
      return new Action.Todo(List.copyOf(items));
    }
    throw wrong("call", call);
  }

  /** Whole lines, at least this many characters of them. */
  private static String repeated(String line, int length) {
    StringBuilder lines = new StringBuilder(length + line.length());
    while (lines.length() < length) {
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private String text(JsonNode node, String key) {
    if (!node.path(key).isTextual()) {
      throw wrong(key, node);
    }
    return node.path(key).textValue();
  }

  private void only(JsonNode node, Set<String> keys) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String key = names.next();
      if (!keys.contains(key)) {
        throw wrong(key, node);
      }
    }
  }

  private IllegalArgumentException wrong(String key, JsonNode node) {
    return new IllegalArgumentException("scenario %s: '%s' in %s".formatted(name, key, node));
  }
}
