package dev.ucode.cli;

import dev.ucode.console.Output;
import dev.ucode.problem.Exit;
import dev.ucode.setup.RevertPlan;
import dev.ucode.setup.RevertReport;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code ucode revert}. */
final class RevertCommand implements Command {
  private final Output out;
  private final Features features;

  RevertCommand(Output out, Features features) {
    this.out = out;
    this.features = features;
  }

  @Override
  public String name() {
    return "revert";
  }

  @Override
  public String summary() {
    return "give every file back as it was, and remove what ucode made";
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("--purge")
            .description("also delete stored sessions and traces not yet delivered")
            .build());
    spec.addOption(OptionSpec.builder("--dry-run").description("show what would be done").build());
  }

  @Override
  public List<Example> examples() {
    return List.of(
        new Example("ucode revert", "as if it had never been here; traces not yet sent stay"),
        new Example("ucode revert --dry-run", "what would it do?"));
  }

  @Override
  public Exit run(ParseResult given) {
    boolean purge = given.hasMatchedOption("--purge");
    if (given.hasMatchedOption("--dry-run")) {
      print(features.planRevert(purge), "would be ");
      return Exit.OK;
    }
    RevertReport report = features.revert(purge);
    print(report.plan(), "");
    report.warnings().forEach(warning -> out.line(out.paint().yellow("! ") + warning));
    return Exit.OK;
  }

  private void print(RevertPlan plan, String mood) {
    if (plan.empty()) {
      out.line("nothing to revert");
    }
    for (Path file : plan.restored()) {
      out.line(mood + "restored  " + file);
    }
    for (Path file : plan.deleted()) {
      out.line(mood + "removed   " + file);
    }
    for (RevertPlan.Kept kept : plan.kept()) {
      out.line("kept      " + kept.path());
      out.line(out.paint().dim("          " + kept.why()));
    }
  }
}
