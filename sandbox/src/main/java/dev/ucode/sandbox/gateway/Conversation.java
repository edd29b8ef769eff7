package dev.ucode.sandbox.gateway;

import dev.ucode.sandbox.gateway.MessagesRequest.Block;
import dev.ucode.sandbox.gateway.MessagesRequest.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a conversation stands: what the person asked last, how many answers there were since, and
 * what the tools said. The scripted model keeps no session state; everything it needs is here.
 *
 * @param prompt the person's last words, without the reminders an agent wraps around them
 * @param step how many assistant messages follow the prompt; 0 for the first answer
 * @param results what the tools answered to the last assistant message
 * @param machineText what the agent itself added after the last assistant message, such as the
 *     notification that a background task has finished
 * @param tools the tools on offer
 * @param folder the agent's working directory, where the request tells it
 */
public record Conversation(
    String prompt,
    int step,
    List<Block.ToolResult> results,
    List<String> machineText,
    ToolBox tools,
    Optional<String> folder) {

  private static final Pattern SCENARIO = Pattern.compile("SCN:([a-z0-9_-]+)");

  private static final Pattern FOLDER =
      Pattern.compile("(?:[Pp]rimary w|[Ww])orking directory: *(/[^\\n]*)");

  /** How texts begin that an agent puts into a user message on its own account. */
  private static final List<String> MACHINE_TEXT =
      List.of(
          "<system-reminder>",
          "<task-notification>",
          "<local-command-",
          "<command-name>",
          "<command-message>",
          "[Request interrupted by user",
          "Output token limit hit.",
          "Stop hook feedback",
          "This session is being continued from a previous conversation");

  /** Reads where the conversation in a request stands. */
  public static Conversation of(MessagesRequest request) {
    List<Message> messages = request.messages();
    int at = -1;
    String prompt = "";
    for (int i = messages.size() - 1; i >= 0 && at < 0; i--) {
      Optional<String> words = personsWords(messages.get(i));
      if (words.isPresent()) {
        at = i;
        prompt = words.get();
      }
    }
    int step = 0;
    int lastAnswer = at;
    for (int i = at + 1; i < messages.size(); i++) {
      if (messages.get(i).role().equals("assistant")) {
        step++;
        lastAnswer = i;
      }
    }
    List<Block.ToolResult> results = new ArrayList<>();
    List<String> machineText = new ArrayList<>();
    for (Message message : messages.subList(lastAnswer + 1, messages.size())) {
      for (Block block : message.blocks()) {
        switch (block) {
          case Block.ToolResult result -> results.add(result);
          case Block.Text text -> machineText.add(text.text());
          case Block.Other _ -> {}
        }
      }
    }
    return new Conversation(
        prompt,
        step,
        List.copyOf(results),
        List.copyOf(machineText),
        new ToolBox(request.tools()),
        folder(request));
  }

  /** The scenario that the prompt names with {@code SCN:<name>}; the last one counts. */
  public Optional<String> scenario() {
    Matcher matcher = SCENARIO.matcher(prompt);
    String name = null;
    while (matcher.find()) {
      name = matcher.group(1);
    }
    return Optional.ofNullable(name);
  }

  /** What the tools said last, joined; empty when none ran. */
  public String output() {
    StringBuilder joined = new StringBuilder();
    for (Block.ToolResult result : results) {
      if (!joined.isEmpty()) {
        joined.append('\n');
      }
      joined.append(result.text().strip());
    }
    return joined.toString();
  }

  /** A path under the agent's folder; the bare name where the folder is not known. */
  public String path(String name) {
    return folder.map(f -> f + "/" + name).orElse(name);
  }

  private static Optional<String> personsWords(Message message) {
    if (!message.role().equals("user")) {
      return Optional.empty();
    }
    String last = null;
    for (Block block : message.blocks()) {
      if (block instanceof Block.Text(String text) && !isMachineText(text)) {
        last = text.strip();
      }
    }
    return Optional.ofNullable(last);
  }

  private static boolean isMachineText(String text) {
    String stripped = text.stripLeading();
    return stripped.isEmpty() || MACHINE_TEXT.stream().anyMatch(stripped::startsWith);
  }

  private static Optional<String> folder(MessagesRequest request) {
    Matcher inSystem = FOLDER.matcher(request.system());
    if (inSystem.find()) {
      return Optional.of(inSystem.group(1).strip());
    }
    for (Message message : request.messages()) {
      for (Block block : message.blocks()) {
        if (block instanceof Block.Text(String text) && !message.role().equals("assistant")) {
          Matcher matcher = FOLDER.matcher(text);
          if (matcher.find()) {
            return Optional.of(matcher.group(1).strip());
          }
        }
      }
    }
    return Optional.empty();
  }
}
