package dev.ucode.cli;

import dev.ucode.console.Output;
import java.util.List;

/** Help of {@code ucode claude}, whose other options are the agent's own. */
final class LaunchHelp {
  static final String SUMMARY = "start Claude Code behind the gateway; arguments are its own";

  private LaunchHelp() {}

  static void print(Output out) {
    out.line(SUMMARY);
    Help.title(out, "Usage");
    out.line("  ucode claude [options] [Claude Code's arguments] [-- Claude Code's arguments]");
    Help.title(out, "Options");
    Help.list(
        out,
        List.of(
            new Help.Entry("--workspace URL", "launch against this configured workspace"),
            new Help.Entry("--model ID", "use this model of the workspace for every family"),
            new Help.Entry("--skip-preflight", "use what is known of the workspace, however old"),
            new Help.Entry("--dry-run", "show what would be started and change nothing"),
            new Help.Entry(
                "-h, --help", "show this help; Claude Code's own: ucode claude -- --help")));
    Help.title(out, "Arguments");
    out.line("  Options that ucode does not know go to Claude Code as they are, in their order.");
    out.line(
        "  Your own --settings (a file or JSON) is merged with ours. After --, nothing is ours.");
    Help.examples(
        out,
        List.of(
            new Command.Example("ucode claude", "a session in this terminal"),
            new Command.Example("ucode claude -p 'what does this do?'", "one question, headless"),
            new Command.Example("ucode claude --resume", "go on with an earlier session")));
  }
}
