package dev.ucode.cli;

import dev.ucode.cli.view.StatusView;
import dev.ucode.console.Output;
import dev.ucode.json.JsonWriter;
import dev.ucode.problem.Exit;
import dev.ucode.status.StatusReport;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code ucode status}. */
final class StatusCommand implements Command {
  private final Output out;
  private final Features features;

  StatusCommand(Output out, Features features) {
    this.out = out;
    this.features = features;
  }

  @Override
  public String name() {
    return "status";
  }

  @Override
  public String summary() {
    return "show what is configured and what became of the traces";
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(OptionSpec.builder("--json").description("for programs").build());
  }

  @Override
  public List<Example> examples() {
    return List.of(
        new Example("ucode status", "did it arrive?"),
        new Example("ucode status --json", "the same, to be collected by a script"));
  }

  @Override
  public Exit run(ParseResult given) {
    StatusReport report = features.status();
    if (given.hasMatchedOption("--json")) {
      out.print(JsonWriter.pretty(StatusView.json(report)));
    } else {
      new StatusView(out).print(report);
    }
    return Exit.OK;
  }
}
