package dev.ucode.sink.wire;

import dev.ucode.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages in Anthropic's form as MLflow's chat view accepts them. It shows a conversation only if
 * every part of it is of a kind it knows (text, image, tool_use, tool_result with its content as
 * one string, thinking; roles user and assistant): one other block hides all. So what it does not
 * know is kept as text, and system messages go to an attribute of their own.
 */
final class ChatMessages {
  private final List<Json> messages = new ArrayList<>();
  private final List<Json> system = new ArrayList<>();

  private ChatMessages() {}

  static ChatMessages of(Json.Arr wire) {
    ChatMessages chat = new ChatMessages();
    for (Json message : wire.items()) {
      chat.add(message);
    }
    return chat;
  }

  /** What was said by user and assistant. */
  Json.Arr messages() {
    return new Json.Arr(messages);
  }

  /** System messages as the parts of {@code gen_ai.system_instructions}; null where none were. */
  Json.@Nullable Arr system() {
    return system.isEmpty() ? null : new Json.Arr(system);
  }

  /** The model's answer. */
  static Json answer(Json.Arr blocks) {
    return Json.object()
        .put("type", "message")
        .put("role", "assistant")
        .put("content", blocks(blocks.items()))
        .build();
  }

  private void add(Json message) {
    String role = message.text("role", "user");
    Json content = message.get("content");
    if (role.equals("user") || role.equals("assistant")) {
      Json shown =
          switch (content) {
            case Json.Arr(List<Json> items) -> blocks(items);
            case Json.Str text -> text;
            case null -> Json.of("");
            default -> Json.of(content.write());
          };
      messages.add(Json.object().put("role", role).put("content", shown).build());
    } else {
      system.add(Json.object().put("type", "text").put("content", text(content)).build());
    }
  }

  private static Json.Arr blocks(List<Json> items) {
    List<Json> shown = new ArrayList<>(items.size());
    for (Json item : items) {
      shown.add(block(item));
    }
    return new Json.Arr(shown);
  }

  private static Json block(Json block) {
    String type = block.text("type", "");
    switch (type) {
      case "text" -> {
        String text = block.text("text");
        if (text != null) {
          return textBlock(text);
        }
      }
      case "thinking" -> {
        String thinking = block.text("thinking");
        if (thinking != null) {
          return Json.object().put("type", type).put("thinking", thinking).build();
        }
      }
      case "redacted_thinking" -> {
        return textBlock("[thinking, encrypted by the provider]");
      }
      case "image" -> {
        String source = block.at("source") instanceof Json.Obj o ? o.text("type", "") : "";
        if (source.equals("base64") || source.equals("url")) {
          return block;
        }
      }
      case "tool_use" -> {
        Json id = block.get("id");
        Json name = block.get("name");
        Json input = block.get("input");
        if (id instanceof Json.Str && name instanceof Json.Str && input != null) {
          return Json.object()
              .put("type", type)
              .put("id", id)
              .put("name", name)
              .put("input", input)
              .build();
        }
      }
      case "tool_result" -> {
        if (block.get("tool_use_id") instanceof Json.Str id) {
          Json.Builder shown =
              Json.object()
                  .put("type", type)
                  .put("tool_use_id", id)
                  .put("content", text(block.get("content")));
          if (block.isTrue("is_error")) {
            shown.put("is_error", true);
          }
          return shown.build();
        }
      }
      default -> {}
    }
    return textBlock(block.write());
  }

  private static Json textBlock(String text) {
    return Json.object().put("type", "text").put("text", text).build();
  }

  /** Content as one string: text parts joined, others named. */
  static String text(@Nullable Json content) {
    return switch (content) {
      case null -> "";
      case Json.Null none -> "";
      case Json.Str(String text) -> text;
      case Json.Arr(List<Json> parts) -> {
        StringBuilder all = new StringBuilder();
        for (Json part : parts) {
          if (!all.isEmpty()) {
            all.append('\n');
          }
          String text = part.text("text");
          boolean image = part.text("type", "").equals("image");
          all.append(text != null ? text : image ? "[image]" : part.write());
        }
        yield all.toString();
      }
      default -> content.write();
    };
  }
}
