package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;

/** Builds request bodies as Claude Code sends them. */
final class RequestBuilder {
  static final String MODEL = "databricks-claude-opus-4-8";

  private final ObjectNode body = Json.object().put("model", MODEL).put("max_tokens", 1000);
  private final ArrayNode messages = body.putArray("messages");
  private final ArrayNode tools = body.putArray("tools");

  /** Claude Code's own tools, as far as scripts use them. */
  RequestBuilder claudeTools() {
    return tool("Agent", "description", "prompt", "subagent_type")
        .tool("Bash", "command", "timeout", "description")
        .tool("Edit", "file_path", "old_string", "new_string", "replace_all")
        .tool("Write", "file_path", "content");
  }

  RequestBuilder tool(String name, String... properties) {
    ObjectNode tool = tools.addObject().put("name", name);
    ObjectNode schema = tool.putObject("input_schema").putObject("properties");
    for (String property : properties) {
      schema.putObject(property);
    }
    return this;
  }

  RequestBuilder user(String... texts) {
    ArrayNode content = messages.addObject().put("role", "user").putArray("content");
    for (String text : texts) {
      content.addObject().put("type", "text").put("text", text);
    }
    return this;
  }

  RequestBuilder system(String text) {
    messages.addObject().put("role", "system").put("content", text);
    return this;
  }

  RequestBuilder assistant(String text) {
    messages
        .addObject()
        .put("role", "assistant")
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", text);
    return this;
  }

  RequestBuilder toolResult(String text, boolean error) {
    messages
        .addObject()
        .put("role", "user")
        .putArray("content")
        .addObject()
        .put("type", "tool_result")
        .put("tool_use_id", "toolu_1")
        .put("content", text)
        .put("is_error", error);
    return this;
  }

  RequestBuilder streamed() {
    body.put("stream", true);
    return this;
  }

  RequestBuilder jsonWanted() {
    body.putObject("output_config").putObject("format").put("type", "json_schema");
    return this;
  }

  ObjectNode body() {
    return body;
  }

  MessagesRequest request() throws BadRequest {
    return MessagesRequest.parse(body);
  }

  Conversation conversation() throws BadRequest {
    return Conversation.of(request());
  }
}
