package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claude Code in a terminal, started by the launcher, as a person uses it all day. */
@Tag("real")
class TerminalIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"330", "197"})
  void aDayInATerminal(String version) {
    try (World world = World.start(folder, version, null)) {
      Person person = world.person().configured();
      pastOnboarding(person);
      try (Terminal terminal = Terminal.open(person.work(), person.environment())) {
        terminal.enter("ucode claude --dangerously-skip-permissions");
        terminal.awaitScreen("the prompt", TerminalIT::waitsForAPrompt);

        ask(terminal, "SCN:tools please", "All done: ran echo hello");

        terminal.type("SCN:slow please");
        terminal.awaitScreen("the typed text", screen -> screen.contains("SCN:slow please"));
        terminal.key("Enter");
        terminal.awaitScreen("the answer streams", screen -> screen.contains("word5"));
        terminal.key("Escape");
        terminal.awaitScreen("the interrupt", screen -> screen.contains("Interrupted"));

        ask(terminal, "SCN:sub please", "The subagent finished");

        terminal.key("C-z");
        terminal.awaitScreen("the shell again", screen -> lastLine(screen).startsWith("ready$"));
        terminal.enter("fg; echo \"exit code $?\"");
        terminal.awaitScreen("the prompt again", TerminalIT::waitsForAPrompt);
        ask(terminal, "SCN:simple once more", "This is a simple text turn");

        ask(terminal, "/exit", "exit code 0");
      }
      // Tools, the interrupted turn, the subagent, the simple one; with 2.1.330 the subagent runs
      // in
      // the background and its end is one more.
      int turns = version.equals("330") ? 5 : 4;
      List<Landed.Trace> traces =
          Until.fits(
              turns + " traces",
              World.SOON,
              () -> world.landed().traces(),
              found -> found.size() >= turns);
      assertThat(traces).hasSize(turns);
      assertThat(traces.getFirst().named("tool_Bash")).hasSize(1);
      assertThat(traces.get(1).info().toString()).contains("interrupted");
      assertThat(traces.get(2).named("subagent_general-purpose")).hasSize(1);
      assertThat(world.landed().duplicates()).isEmpty();
      Until.holds(
          "nothing of the agent is left",
          World.SOON,
          () -> person.processes().size() == person.workers().size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"330", "197"})
  void ctrlCTwiceLeavesAndTheTerminalIsSane(String version) {
    try (World world = World.start(folder, version, null)) {
      Person person = world.person().configured();
      pastOnboarding(person);
      try (Terminal terminal = Terminal.open(person.work(), person.environment())) {
        terminal.enter("stty -g > before; ucode claude; echo \"exit code $?\"; stty -g > after");
        terminal.awaitScreen("the prompt", TerminalIT::waitsForAPrompt);
        terminal.key("C-c");
        terminal.awaitScreen("the warning", screen -> screen.contains("again to exit"));
        terminal.key("C-c");
        terminal.awaitScreen("the exit", screen -> screen.contains("exit code 0"));
        terminal.enter("cmp before after && echo 'settings same'");
        terminal.awaitScreen(
            "the terminal's settings are as before", screen -> screen.contains("\nsettings same"));
      }
    }
  }

  /** Answers the questions of a first start, which are none of ours. */
  private static void pastOnboarding(Person person) {
    person.write(
        ".claude.json",
        """
        {"hasCompletedOnboarding":true,"theme":"dark",\
        "projects":{"%s":{"hasTrustDialogAccepted":true}}}
        """
            .formatted(person.work()));
    person.write(".claude/settings.json", "{\"skipDangerousModePermissionPrompt\":true}\n");
  }

  private static void ask(Terminal terminal, String text, String answer) {
    terminal.type(text);
    terminal.awaitScreen("the typed text", screen -> screen.contains("❯ " + text));
    terminal.key("Enter");
    terminal.awaitScreen("the answer to " + text, screen -> after(screen, text).contains(answer));
  }

  private static String after(String screen, String text) {
    return screen.substring(Math.max(0, screen.lastIndexOf(text)));
  }

  /** The frame of the prompt is drawn and nothing is typed. */
  private static boolean waitsForAPrompt(String screen) {
    return screen.lines().anyMatch(line -> line.strip().equals("❯"));
  }

  private static String lastLine(String screen) {
    return screen.strip().lines().reduce("", (first, second) -> second);
  }
}
