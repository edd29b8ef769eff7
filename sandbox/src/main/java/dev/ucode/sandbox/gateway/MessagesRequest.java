package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to {@code /v1/messages} or {@code /v1/messages/count_tokens}, read as far as the
 * scripted model needs it. Thinking blocks, images, betas and unknown keys are accepted and kept
 * out of the way; {@code role:"system"} is accepted in the middle of a conversation, as Claude Code
 * sends it.
 *
 * @param model the model id as asked for
 * @param stream whether server-sent events are wanted
 * @param system the system prompt's text
 * @param messages the conversation, oldest first
 * @param tools the tools offered, in the order given
 * @param wantsJson whether the answer must be a JSON object ({@code output_config.format})
 */
public record MessagesRequest(
    String model,
    boolean stream,
    String system,
    List<Message> messages,
    List<Tool> tools,
    boolean wantsJson) {

  /** One message: its role and the content blocks of it. */
  public record Message(String role, List<Block> blocks) {}

  /** A content block, as far as it matters here. */
  public sealed interface Block {
    /** Text of whoever speaks. */
    record Text(String text) implements Block {}

    /** A tool's answer, flattened to its text. */
    record ToolResult(String toolUseId, String text, boolean error) implements Block {}

    /** Anything else: thinking, images, tool uses, documents. */
    record Other(String type) implements Block {}
  }

  /** A tool on offer: its name and the names of its input properties. */
  public record Tool(String name, List<String> properties) {}

  /** Reads a request body, or says what is wrong with it. */
  public static MessagesRequest parse(JsonNode body) throws BadRequest {
    if (!body.isObject()) {
      throw new BadRequest("request body: expected a JSON object");
    }
    JsonNode model = body.path("model");
    if (!model.isTextual() || model.textValue().isEmpty()) {
      throw new BadRequest("model: Field required");
    }
    JsonNode messages = body.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw new BadRequest("messages: at least one message is required");
    }
    List<Message> parsed = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      parsed.add(message(messages.get(i), "messages." + i));
    }
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : body.path("tools")) {
      List<String> properties = new ArrayList<>();
      tool.path("input_schema").path("properties").fieldNames().forEachRemaining(properties::add);
      tools.add(new Tool(tool.path("name").asText(), List.copyOf(properties)));
    }
    return new MessagesRequest(
        model.textValue(),
        body.path("stream").asBoolean(false),
        text(body.path("system")),
        List.copyOf(parsed),
        List.copyOf(tools),
        body.path("output_config").path("format").path("type").asText().equals("json_schema"));
  }

  /** The names of the tools on offer, in order. */
  public List<String> toolNames() {
    return tools.stream().map(Tool::name).toList();
  }

  private static Message message(JsonNode node, String where) throws BadRequest {
    String role = node.path("role").asText();
    if (!role.equals("user") && !role.equals("assistant") && !role.equals("system")) {
      throw new BadRequest(where + ".role: expected 'user', 'assistant' or 'system'");
    }
    JsonNode content = node.path("content");
    if (content.isTextual()) {
      return new Message(role, List.of(new Block.Text(content.textValue())));
    }
    if (!content.isArray()) {
      throw new BadRequest(where + ".content: expected a string or a list of blocks");
    }
    List<Block> blocks = new ArrayList<>();
    for (JsonNode block : content) {
      String type = block.path("type").asText();
      blocks.add(
          switch (type) {
            case "text" -> new Block.Text(block.path("text").asText());
            case "tool_result" ->
                new Block.ToolResult(
                    block.path("tool_use_id").asText(),
                    text(block.path("content")),
                    block.path("is_error").asBoolean(false));
            case "" -> throw new BadRequest(where + ".content: a block has no type");
            default -> new Block.Other(type);
          });
    }
    return new Message(role, List.copyOf(blocks));
  }

  /** The text of a string or of a list of text blocks; other blocks have none. */
  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode block : content) {
      if (block.path("type").asText().equals("text")) {
        if (!joined.isEmpty()) {
          joined.append('\n');
        }
        joined.append(block.path("text").asText());
      }
    }
    return joined.toString();
  }
}
