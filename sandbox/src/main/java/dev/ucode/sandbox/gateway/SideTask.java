package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an agent asks for on its own account, beside the person's conversation: a title for the
 * session, a summary for compaction. Such a request must not run a scenario, or a test that counts
 * tool calls would count them twice.
 */
final class SideTask {
  private static final int TITLE_WORDS = 6;

  /** How Claude Code asks for the summary that takes the conversation's place. */
  private static final Pattern SUMMARY =
      Pattern.compile(
          "Your task is to create a detailed summary of (the RECENT portion of )?(?:the|this)"
              + " conversation");

  private SideTask() {}

  /** The answer, if this request is one of those. */
  static Optional<Move> move(MessagesRequest request, Conversation conversation) {
    if (request.wantsJson() && request.tools().isEmpty()) {
      String title =
          JsonNodeFactory.instance.objectNode().put("title", title(conversation)).toString();
      return Optional.of(new Speech(conversation).say(title).done());
    }
    if (SUMMARY.matcher(conversation.prompt()).find()) {
      return Optional.of(
          new Speech(conversation)
              .say(
                  "<analysis>Every message was read.</analysis>\n<summary>"
                      + request.messages().size()
                      + " messages were exchanged so far.</summary>")
              .done());
    }
    return Optional.empty();
  }

  private static String title(Conversation conversation) {
    String words = conversation.prompt().replaceAll("<[^>]*>", " ").strip();
    return Pattern.compile("\\s+")
        .splitAsStream(words)
        .limit(TITLE_WORDS)
        .collect(Collectors.joining(" "));
  }
}
