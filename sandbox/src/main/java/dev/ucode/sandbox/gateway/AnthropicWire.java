package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.gateway.Move.Answer;
import dev.ucode.sandbox.gateway.Move.Content;
import dev.ucode.sandbox.gateway.Move.Delivery;
import dev.ucode.sandbox.gateway.Move.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes the model's moves in the format of Anthropic's Messages API. */
public final class AnthropicWire {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Base64 of "scripted-signature": it must be there, and nobody can mistake it for a real one. */
  private static final String SIGNATURE = "c2NyaXB0ZWQtc2lnbmF0dXJl";

  private AnthropicWire() {}

  /** One server-sent event. */
  public record Event(String name, ObjectNode data) {
    /** The event as it goes over the wire. */
    public String text() {
      return "event: " + name + "\ndata: " + data + "\n\n";
    }
  }

  /** An id with a prefix, 24 hexadecimal digits, different each time. */
  static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }

  /** The body of an error. */
  public static ObjectNode error(String type, String message, String requestId) {
    ObjectNode body = JSON.objectNode().put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    return body.put("request_id", requestId);
  }

  /** The whole answer as one message. */
  public static ObjectNode message(Answer answer, String model) {
    ObjectNode message = envelope(model);
    ArrayNode content = message.putArray("content");
    for (Content block : answer.content()) {
      content.add(
          switch (block) {
            case Content.Thinking thinking ->
                JSON.objectNode()
                    .put("type", "thinking")
                    .put("thinking", thinking.text())
                    .put("signature", SIGNATURE);
            case Content.Text text ->
                JSON.objectNode().put("type", "text").put("text", text.text());
            case Content.ToolUse use -> toolUse(use).set("input", use.input());
          });
    }
    message.put("stop_reason", answer.stopReason()).putNull("stop_sequence");
    message.set("usage", usage(answer.usage(), answer.usage().output()));
    return message;
  }

  /**
   * The answer as the events of a stream. A broken delivery has the events up to the break: after
   * the first piece of text comes an {@code error} event, or nothing.
   */
  public static List<Event> events(Answer answer, String model) {
    List<Event> events = new ArrayList<>();
    ObjectNode message = envelope(model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", usage(answer.usage(), 1));
    ObjectNode start = JSON.objectNode().put("type", "message_start");
    start.set("message", message);
    events.add(new Event("message_start", start));
    events.add(new Event("ping", JSON.objectNode().put("type", "ping")));
    for (int index = 0; index < answer.content().size(); index++) {
      addBlock(events, index, answer.content().get(index));
    }
    boolean error = answer.delivery() instanceof Delivery.ErrorEvent;
    if (error || answer.delivery() instanceof Delivery.Cut) {
      int firstText = 0;
      while (!events.get(firstText).name().equals("content_block_delta")) {
        firstText++;
      }
      List<Event> broken = new ArrayList<>(events.subList(0, firstText + 1));
      if (error) {
        ObjectNode data = JSON.objectNode().put("type", "error");
        data.putObject("error").put("type", "api_error").put("message", "scripted: stream broke");
        broken.add(new Event("error", data));
      }
      return broken;
    }
    ObjectNode end = JSON.objectNode().put("type", "message_delta");
    end.putObject("delta").put("stop_reason", answer.stopReason()).putNull("stop_sequence");
    end.set("usage", usage(answer.usage(), answer.usage().output()));
    events.add(new Event("message_delta", end));
    events.add(new Event("message_stop", JSON.objectNode().put("type", "message_stop")));
    return events;
  }

  private static void addBlock(List<Event> events, int index, Content content) {
    ObjectNode empty;
    List<ObjectNode> deltas = new ArrayList<>();
    switch (content) {
      case Content.Thinking thinking -> {
        empty = JSON.objectNode().put("type", "thinking").put("thinking", "").put("signature", "");
        for (String piece : pieces(thinking.text())) {
          deltas.add(JSON.objectNode().put("type", "thinking_delta").put("thinking", piece));
        }
        deltas.add(JSON.objectNode().put("type", "signature_delta").put("signature", SIGNATURE));
      }
      case Content.Text text -> {
        empty = JSON.objectNode().put("type", "text").put("text", "");
        for (String piece : pieces(text.text())) {
          deltas.add(JSON.objectNode().put("type", "text_delta").put("text", piece));
        }
      }
      case Content.ToolUse use -> {
        empty = toolUse(use);
        empty.putObject("input");
        String json = use.input().toString();
        int from = 0;
        while (from < json.length()) {
          int to = Math.min(json.length(), from + TOOL_PIECE);
          if (Character.isHighSurrogate(json.charAt(to - 1)) && to < json.length()) {
            to--; // half a character cannot be sent
          }
          deltas.add(
              JSON.objectNode()
                  .put("type", "input_json_delta")
                  .put("partial_json", json.substring(from, to)));
          from = to;
        }
      }
    }
    ObjectNode start = JSON.objectNode().put("type", "content_block_start").put("index", index);
    start.set("content_block", empty);
    events.add(new Event("content_block_start", start));
    for (ObjectNode delta : deltas) {
      ObjectNode data = JSON.objectNode().put("type", "content_block_delta").put("index", index);
      data.set("delta", delta);
      events.add(new Event("content_block_delta", data));
    }
    events.add(
        new Event(
            "content_block_stop",
            JSON.objectNode().put("type", "content_block_stop").put("index", index)));
  }

  /** Characters of a tool's input per event; large, so that 300 KB are not 300 KB of envelopes. */
  private static final int TOOL_PIECE = 4096;

  /** A text cut behind each of its spaces, so that a stream of it looks like one. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int space = text.indexOf(' ', from);
      int to = space < 0 ? text.length() : space + 1;
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  private static ObjectNode envelope(String model) {
    return JSON.objectNode()
        .put("id", id("msg_"))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  private static ObjectNode toolUse(Content.ToolUse use) {
    return JSON.objectNode()
        .put("type", "tool_use")
        .put("id", id("toolu_"))
        .put("name", use.name());
  }

  private static ObjectNode usage(Usage usage, int output) {
    return JSON.objectNode()
        .put("input_tokens", usage.input())
        .put("cache_creation_input_tokens", usage.cacheWritten())
        .put("cache_read_input_tokens", usage.cacheRead())
        .put("output_tokens", output);
  }
}
