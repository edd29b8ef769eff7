package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.transcript.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Claude Code adds to the conversation by itself: messages typed while it worked, files, what
 * hooks said. Standing texts (tool and skill lists, the date, reminders) are the same in every
 * session; their kind is noted, their text is not.
 */
final class ClaudeAttachments {
  /** Kinds whose text is what the agent says in any session. */
  private static final Set<String> STANDING =
      Set.of(
          "agent_listing_delta",
          "auto_mode",
          "auto_mode_exit",
          "critical_system_reminder",
          "date",
          "date_change",
          "deferred_tools_delta",
          "environment",
          "mcp_instructions_delta",
          "model",
          "output_style",
          "remote_session_change",
          "session_context",
          "skill_listing",
          "task_reminder",
          "todo_reminder");

  /** Kinds that tell the person something and never reach the model. */
  private static final Set<String> NOT_SENT =
      Set.of(
          "command_permissions",
          "hook_blocking_error", // its text comes as a record of its own
          "hook_cancelled",
          "hook_error_during_execution",
          "hook_non_blocking_error",
          "hook_system_message",
          "prompt_snapshot");

  private static final Set<String> PRINTING = Set.of("SessionStart", "UserPromptSubmit");

  /** Where the entries go. */
  interface Target {
    void accept(Entry entry) throws IOException;
  }

  private ClaudeAttachments() {}

  /**
   * Takes one attachment record.
   *
   * @return the name of an attachment there is no rule for and no text in, else null
   */
  static @Nullable String accept(Json record, Instant time, Target target) throws IOException {
    Json attachment = record.get("attachment");
    attachment = attachment == null ? Json.Null.NULL : attachment;
    String kind = attachment.text("type", "");
    if (STANDING.contains(kind)) {
      target.accept(new Entry.Context(kind));
      return null;
    }
    if (NOT_SENT.contains(kind)) {
      return null;
    }
    String prompt = kind.equals("queued_command") ? queued(attachment) : "";
    Entry.Task task = ClaudeRecords.task(prompt);
    if (task != null) {
      target.accept(new Entry.TaskDone(task));
    }
    String text = prompt.isEmpty() ? text(record, attachment, kind) : prompt;
    if (!text.isBlank()) {
      target.accept(new Entry.Input(time, ClaudeContent.userText(text), false));
      return null;
    }
    boolean known = kind.startsWith("hook_") || kind.equals("queued_command");
    target.accept(new Entry.Context(kind));
    return known ? null : "attachment/" + kind;
  }

  /** A message given while the agent worked: text, or blocks. */
  private static String queued(Json attachment) {
    return ClaudeContent.flat(attachment.get("prompt"));
  }

  private static String text(Json record, Json attachment, String kind) {
    List<String> rendered = new ArrayList<>();
    for (Json part : record.items("rendered")) {
      rendered.add(ClaudeContent.flat(part.get("content")));
    }
    if (!rendered.isEmpty()) {
      return String.join("\n", rendered);
    }
    // Versions that do not write down the text that was sent: the parts it is made of.
    Json content = attachment.get("content");
    return switch (kind) {
      case "hook_additional_context" -> ClaudeContent.flat(content);
      // Only what these two print is given to the model.
      case "hook_success" ->
          PRINTING.contains(attachment.text("hookEvent", "")) ? ClaudeContent.flat(content) : "";
      case "file", "already_read_file", "compact_file_reference" ->
          named(attachment.text("filename"), inner(content, "file"));
      case "nested_memory" ->
          named(attachment.text("path"), content == null ? null : content.text("content"));
      case "edited_text_file" -> named(attachment.text("filename"), attachment.text("snippet"));
      default -> content instanceof Json.Str(String text) ? text : "";
    };
  }

  private static @Nullable String inner(@Nullable Json content, String name) {
    Json file = content == null ? null : content.get(name);
    return file == null ? null : file.text("content");
  }

  private static String named(@Nullable String name, @Nullable String text) {
    return text == null ? (name == null ? "" : name) : name == null ? text : name + ":\n" + text;
  }
}
