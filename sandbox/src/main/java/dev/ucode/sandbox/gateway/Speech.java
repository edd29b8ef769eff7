package dev.ucode.sandbox.gateway;

import dev.ucode.sandbox.gateway.Move.Answer;
import dev.ucode.sandbox.gateway.Move.Content;
import dev.ucode.sandbox.gateway.Move.Delivery;
import dev.ucode.sandbox.gateway.Move.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts an answer together from words and actions, with the usage of its step. */
final class Speech {
  private final Conversation conversation;
  private final List<Content> content = new ArrayList<>();
  private int toolCalls;
  private Delivery delivery = new Delivery.Prompt();

  Speech(Conversation conversation) {
    this.conversation = conversation;
  }

  Speech think(String text) {
    content.add(new Content.Thinking(text));
    return this;
  }

  Speech say(String text) {
    content.add(new Content.Text(text));
    return this;
  }

  /**
   * Asks for an action by the agent's own tool. Where the agent has none, the answer says so in
   * place of everything else, as a model would: it cannot act and must not pretend.
   */
  Speech act(Action action) {
    Optional<ToolBox.Call> call = conversation.tools().call(action);
    if (call.isPresent()) {
      content.add(new Content.ToolUse(call.get().name(), call.get().input()));
      toolCalls++;
      return this;
    }
    content.clear();
    toolCalls = 0;
    return say(
        "I would need a tool for '%s', and the agent offers none; it offers: %s"
            .formatted(action.kind(), String.join(", ", conversation.tools().names())));
  }

  Speech deliver(Delivery how) {
    delivery = how;
    return this;
  }

  /** The answer; it stops for its tools where it has any. */
  Answer done() {
    return done(toolCalls > 0 ? "tool_use" : "end_turn");
  }

  /** The answer with a stop reason of the script's choosing. */
  Answer done(String stopReason) {
    return new Answer(
        List.copyOf(content), stopReason, Usage.ofStep(conversation.step(), toolCalls), delivery);
  }
}
