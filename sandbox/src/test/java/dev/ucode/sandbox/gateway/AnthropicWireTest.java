package dev.ucode.sandbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.gateway.AnthropicWire.Event;
import dev.ucode.sandbox.gateway.Move.Answer;
import dev.ucode.sandbox.gateway.Move.Content;
import dev.ucode.sandbox.gateway.Move.Delivery;
import dev.ucode.sandbox.gateway.Move.Usage;
import dev.ucode.sandbox.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicWireTest {
  private static final Usage USAGE = new Usage(10, 20, 30, 40);

  @Test
  void aStreamPutTogetherIsTheWholeMessage() {
    String long300 = "𝔘 ".repeat(3000);
    Answer answer =
        new Answer(
            List.of(
                new Content.Thinking("let me see"),
                new Content.Text("héllo 世界  two spaces 🎉"),
                new Content.ToolUse("Bash", Json.object().put("command", long300))),
            "tool_use",
            USAGE,
            new Delivery.Prompt());

    ObjectNode whole = AnthropicWire.message(answer, "m");
    ObjectNode assembled = assemble(AnthropicWire.events(answer, "m"));

    for (JsonNode block : assembled.path("content")) {
      ((ObjectNode) block).remove("id");
    }
    for (JsonNode block : whole.path("content")) {
      ((ObjectNode) block).remove("id");
    }
    assertThat(assembled.path("content")).isEqualTo(whole.path("content"));
    assertThat(assembled.path("usage")).isEqualTo(whole.path("usage"));
    assertThat(assembled.path("stop_reason").asText()).isEqualTo("tool_use");
  }

  @Test
  void aStreamBeginsWithOneTokenOfOutput() {
    Event first = AnthropicWire.events(simple(new Delivery.Prompt()), "m").getFirst();
    assertThat(first.name()).isEqualTo("message_start");
    JsonNode usage = first.data().path("message").path("usage");
    assertThat(usage.path("output_tokens").asInt()).isEqualTo(1);
    assertThat(usage.path("cache_read_input_tokens").asInt()).isEqualTo(30);
  }

  @Test
  void aBrokenStreamHasTextAndThenAnErrorOrNothing() {
    List<Event> error = AnthropicWire.events(simple(new Delivery.ErrorEvent()), "m");
    assertThat(error.getLast().name()).isEqualTo("error");
    assertThat(error.get(error.size() - 2).name()).isEqualTo("content_block_delta");
    List<Event> cut = AnthropicWire.events(simple(new Delivery.Cut()), "m");
    assertThat(cut.getLast().name()).isEqualTo("content_block_delta");
    assertThat(cut).extracting(Event::name).doesNotContain("message_stop");
  }

  private static Answer simple(Delivery delivery) {
    return new Answer(List.of(new Content.Text("one two")), "end_turn", USAGE, delivery);
  }

  /** What a client makes of the events. */
  private static ObjectNode assemble(List<Event> events) {
    ObjectNode message = Json.object();
    for (Event event : events) {
      JsonNode data = Json.parse(event.data().toString());
      assertThat(data.path("type").asText()).isEqualTo(event.name());
      switch (event.name()) {
        case "message_start" -> message = (ObjectNode) data.path("message");
        case "content_block_start" -> {
          ArrayNode content = (ArrayNode) message.path("content");
          assertThat(data.path("index").asInt()).isEqualTo(content.size());
          content.add(data.path("content_block"));
        }
        case "content_block_delta" -> {
          ObjectNode block = (ObjectNode) message.path("content").get(data.path("index").asInt());
          JsonNode delta = data.path("delta");
          switch (delta.path("type").asText()) {
            case "text_delta" -> append(block, "text", delta.path("text").asText());
            case "thinking_delta" -> append(block, "thinking", delta.path("thinking").asText());
            case "signature_delta" -> append(block, "signature", delta.path("signature").asText());
            default -> append(block, "json", delta.path("partial_json").asText());
          }
        }
        case "content_block_stop" -> {
          ObjectNode block = (ObjectNode) message.path("content").get(data.path("index").asInt());
          if (block.has("json")) {
            block.set("input", Json.parse(block.remove("json").asText()));
          }
        }
        case "message_delta" -> {
          message.set("stop_reason", data.path("delta").path("stop_reason"));
          message.set("usage", data.path("usage"));
        }
        default -> {}
      }
    }
    return message;
  }

  private static void append(ObjectNode block, String field, String text) {
    block.put(field, block.path(field).asText("") + text);
  }
}
