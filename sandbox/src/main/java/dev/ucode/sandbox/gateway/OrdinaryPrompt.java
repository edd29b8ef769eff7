package dev.ucode.sandbox.gateway;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to a prompt that names no scenario: one look at the folder by a harmless command that
 * fits the words, and a summary of what that command really said.
 */
final class OrdinaryPrompt implements Scenario {
  private static final int QUOTED_LINES = 5;

  /** Words that ask for a command. The first clue that fits wins, so the special come first. */
  private record Clue(Pattern words, String command, String purpose) {
    Clue(String words, String command, String purpose) {
      this(Pattern.compile("\\b(?:" + words + ")\\b"), command, purpose);
    }
  }

  private static final List<Clue> CLUES =
      List.of(
          new Clue(
              "git status|uncommitted|unstaged|staged",
              "git status --short --branch",
              "look at the working tree"),
          new Clue("diff|what changed", "git diff --stat HEAD", "see what changed"),
          new Clue("branch|branches", "git branch --list --verbose", "list the branches"),
          new Clue(
              "git|commit|commits|history|log|recent changes",
              "git log --oneline -n 10",
              "read the latest commits"),
          new Clue(
              "todo|todos|fixme",
              "grep -rnE 'TODO|FIXME' --exclude-dir=.git . | head -n 20",
              "look for open ends"),
          new Clue(
              "test|tests|testing",
              "find . -not -path '*/.git/*' -type f -iname '*test*' | head -n 20",
              "find the tests"),
          new Clue(
              "how big|size|lines of code|count",
              "find . -not -path '*/.git/*' -type f | wc -l",
              "count the files"),
          new Clue("disk|space", "df -h .", "look at the disk"),
          new Clue("date|time|today", "date", "look at the clock"),
          new Clue("who am i|whoami|user", "id -un", "see who I am"),
          new Clue("where am i|directory|folder|path", "pwd && ls -A", "look at this folder"),
          new Clue("readme", "head -n 40 README*", "read the README"));

  private static final Clue LOOK_AROUND = new Clue("", "ls -la", "look around");

  /** A file named in the prompt; no character of it means anything to a shell. */
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])((?:[\\w-]+/)*[\\w-]+\\.[A-Za-z]{1,5})(?![\\w/-])");

  @Override
  public Move move(Conversation conversation) {
    Speech speech = new Speech(conversation);
    if (conversation.tools().names().isEmpty()) {
      return speech
          .say(
              "I am the sandbox's scripted model and was given no tools, so I can only repeat what"
                  + " you asked: "
                  + firstLine(conversation.prompt()))
          .done();
    }
    if (conversation.step() > 0) {
      return speech.say(summary(conversation)).done();
    }
    Clue clue = clue(conversation.prompt());
    return speech
        .say("I will %s first: %s".formatted(clue.purpose(), clue.command()))
        .act(new Action.Shell(clue.command()))
        .done();
  }

  private static Clue clue(String prompt) {
    Matcher file = FILE.matcher(prompt);
    if (file.find()) {
      return new Clue("", "head -n 40 ./" + file.group(1), "read " + file.group(1));
    }
    String words = prompt.toLowerCase(Locale.ROOT);
    for (Clue clue : CLUES) {
      if (clue.words().matcher(words).find()) {
        return clue;
      }
    }
    return LOOK_AROUND;
  }

  private static String summary(Conversation conversation) {
    String output = conversation.output();
    if (conversation.results().isEmpty()) {
      return "There is nothing new to report.";
    }
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    String quoted =
        String.join("\n", lines.subList(0, Math.min(QUOTED_LINES, lines.size()))).indent(4);
    String failed = conversation.results().getFirst().error() ? "The command failed; it said" : "";
    if (lines.isEmpty()) {
      return failed.isEmpty() ? "The command printed nothing." : "The command failed silently.";
    }
    String opening =
        failed.isEmpty()
            ? "The command printed %d line%s".formatted(lines.size(), lines.size() == 1 ? "" : "s")
            : failed;
    String ending =
        lines.size() > QUOTED_LINES ? "and %d more. ".formatted(lines.size() - QUOTED_LINES) : "";
    return "%s:\n\n%s\n%sThis answers, as far as a scripted model can: %s"
        .formatted(opening, quoted, ending, firstLine(conversation.prompt()));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
