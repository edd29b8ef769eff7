package dev.ucode.cli;

import dev.ucode.problem.Exit;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ucode demo}. */
final class DemoCommand implements Command {
  private final Features features;

  DemoCommand(Features features) {
    this.features = features;
  }

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "see it work without an account: a local workspace, a real session, its trace";
  }

  @Override
  public void describe(CommandSpec spec) {
    // It needs nothing to be said.
  }

  @Override
  public List<Example> examples() {
    return List.of(new Example("ucode demo", "a minute; your own files are left alone"));
  }

  @Override
  public Exit run(ParseResult given) {
    return features.demo();
  }
}
