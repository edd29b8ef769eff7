package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as they were on the wire, cut down to what MLflow's chat view can show: one block of
 * another kind, or a tool result that is not a string, makes it show none of the conversation. What
 * it cannot show becomes text, so nothing goes unseen; image data is left out.
 */
final class ClaudeContent {
  private ClaudeContent() {}

  /** A message of the user's side. */
  static Json.Obj user(@Nullable Json content) {
    return message("user", content);
  }

  static Json.Obj userText(String text) {
    return message("user", Json.of(text));
  }

  private static Json.Obj message(String role, @Nullable Json content) {
    Json shown =
        switch (content) {
          case Json.Str text -> text;
          case Json.Arr(List<Json> items) -> new Json.Arr(blocks(items));
          case null -> Json.of("");
          default -> Json.of(content.write());
        };
    return Json.object().put("role", role).put("content", shown).build();
  }

  /** Content blocks, each of a kind the chat view knows. */
  static List<Json> blocks(List<Json> items) {
    List<Json> shown = new ArrayList<>(items.size());
    for (Json item : items) {
      shown.add(block(item));
    }
    return shown;
  }

  private static Json block(Json block) {
    String type = block.text("type", "");
    return switch (type) {
      case "text" -> text(block.text("text", ""));
      case "thinking" ->
          Json.object().put("type", "thinking").put("thinking", block.text("thinking", "")).build();
      case "tool_use", "server_tool_use" ->
          Json.object()
              .put("type", "tool_use")
              .put("id", block.text("id", ""))
              .put("name", block.text("name", ""))
              .put("input", orNothing(block.get("input")))
              .build();
      case "tool_result" -> {
        Json.Builder result =
            Json.object()
                .put("type", "tool_result")
                .put("tool_use_id", block.text("tool_use_id", ""))
                .put("content", flat(block.get("content")));
        yield block.isTrue("is_error") ? result.put("is_error", true).build() : result.build();
      }
      case "redacted_thinking" -> text("[redacted thinking]");
      default -> text(note(block));
    };
  }

  private static Json text(String text) {
    return Json.object().put("type", "text").put("text", text).build();
  }

  private static Json orNothing(@Nullable Json value) {
    return value == null ? Json.object().build() : value;
  }

  /** A tool's result as the span keeps it: as it was, but for the data of images. */
  static Json result(@Nullable Json content) {
    if (!(content instanceof Json.Arr(List<Json> items))) {
      return content == null ? Json.Null.NULL : content;
    }
    List<Json> kept = new ArrayList<>(items.size());
    for (Json item : items) {
      kept.add(item.get("source") == null ? item : text(note(item)));
    }
    return new Json.Arr(kept);
  }

  /** All of a result as one string. */
  static String flat(@Nullable Json content) {
    return switch (content) {
      case Json.Str(String text) -> text;
      case Json.Arr(List<Json> items) -> {
        StringBuilder all = new StringBuilder();
        for (Json item : items) {
          all.append(all.isEmpty() ? "" : "\n").append(plain(item));
        }
        yield all.toString();
      }
      case null -> "";
      default -> content.write();
    };
  }

  /** The text blocks of a message, without what else it holds. */
  static String text(List<Json> blocks) {
    StringBuilder all = new StringBuilder();
    for (Json block : blocks) {
      if (block.text("type", "").equals("text")) {
        all.append(all.isEmpty() ? "" : "\n").append(block.text("text", ""));
      }
    }
    return all.toString();
  }

  private static String plain(Json item) {
    String text = item.asText();
    if (text == null && item.text("type", "").equals("text")) {
      text = item.text("text");
    }
    return text == null ? note(item) : text;
  }

  /** A few words for what is not text. */
  private static String note(Json block) {
    String type = block.text("type", "");
    Json source = block.get("source");
    if (source != null || type.equals("image") || type.equals("document")) {
      String where = source == null ? null : source.text("url", source.text("media_type", ""));
      String title = block.text("title", where == null ? "" : where);
      return "[" + (type + " " + title).strip() + "]";
    }
    return block.write();
  }
}
