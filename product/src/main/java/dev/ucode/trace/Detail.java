package dev.ucode.trace;

import dev.ucode.json.Json;
import org.jspecify.annotations.Nullable;

/** What a span stands for, with its content. Content is agent-written JSON and may hold secrets. */
public sealed interface Detail {
  /**
   * The root: one turn.
   *
   * @param prompt what started the turn, as the person wrote it
   * @param response the final answer; empty where there is none
   */
  record Turn(String prompt, String response) implements Detail {}

  /**
   * One call of the model (one message id).
   *
   * @param input the messages that are new since the call before, in the agent's wire format
   * @param output the content blocks the model returned, in the same format
   * @param format the value of {@code mlflow.message.format}: {@code anthropic}, {@code openai}…
   * @param stopReason as the model gave it; null where the stream broke
   * @param requestId the gateway's id of the request, if recorded
   */
  record ModelCall(
      @Nullable String model,
      String provider,
      String messageId,
      @Nullable String requestId,
      Json.Arr input,
      Json.Arr output,
      String format,
      @Nullable String stopReason,
      TokenUsage usage)
      implements Detail {}

  /**
   * One call of a tool.
   *
   * @param name the tool's name as the agent shows it
   * @param callId the model's id of the call
   * @param mcpServer the MCP server it belongs to, if any
   * @param result what went back to the model; null where nothing did
   */
  record ToolCall(
      String name, String callId, @Nullable String mcpServer, Json input, @Nullable Json result)
      implements Detail {}

  /**
   * An agent started by a tool call; its own calls are children of this span.
   *
   * @param background whether the turn went on without waiting for it
   */
  record Subagent(
      String agentId,
      String type,
      @Nullable String description,
      String prompt,
      String response,
      boolean background)
      implements Detail {}
}
