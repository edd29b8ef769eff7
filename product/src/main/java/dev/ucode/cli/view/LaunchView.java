package dev.ucode.cli.view;

import dev.ucode.agent.EnvValue;
import dev.ucode.agent.LaunchPlan;
import dev.ucode.agent.Tracing;
import dev.ucode.config.FileEdit;
import dev.ucode.console.Output;
import dev.ucode.console.Text;
import dev.ucode.launch.Launcher;
import dev.ucode.workspace.TraceDestination;

/** A launch that is only shown. */
public final class LaunchView {
  private final Output out;

  public LaunchView(Output out) {
    this.out = out;
  }

  /** Prints what would be started, with what, and what would be written before. */
  public void print(Launcher.Planned planned) {
    LaunchPlan plan = planned.plan();
    out.line("workspace  " + planned.workspace().url());
    out.line("tracing    " + tracing(planned));
    StringBuilder command = new StringBuilder(Text.oneLine(plan.binary().toString()));
    for (String arg : plan.args()) {
      command.append(' ').append(word(arg));
    }
    out.line("command    " + command);
    plan.environment()
        .forEach(
            (name, value) ->
                out.line(
                    "variable   "
                        + name
                        + switch (value) {
                          case EnvValue.Plain(String text) -> "=" + Text.oneLine(text);
                          case EnvValue.Secret secret -> "=***";
                          case EnvValue.Unset unset -> " is unset";
                        }));
    for (FileEdit edit : plan.files().edits()) {
      out.line();
      out.line(out.paint().bold("file " + Text.oneLine(edit.file().toString())));
      if (edit instanceof FileEdit.Own own) {
        own.content().lines().forEach(line -> out.line("  " + Text.safe(line)));
      }
    }
  }

  private static String tracing(Launcher.Planned planned) {
    TraceDestination destination = planned.workspace().destination();
    if (destination == null) {
      return "off";
    }
    return switch (planned.tracing()) {
      case Tracing.Off off -> "off";
      case Tracing.Native on -> "to " + Text.oneLine(destination.spansTable());
      case Tracing.Mlflow on ->
          "to " + Text.oneLine(destination.spansTable()) + ", by the MLflow command line";
    };
  }

  private static String word(String arg) {
    String shown = Text.oneLine(arg);
    return arg.matches("[A-Za-z0-9_@%+=:,./-]+") ? shown : "'" + shown.replace("'", "'\\''") + "'";
  }
}
