package dev.ucode.cli;

import dev.ucode.cli.view.TurnListView;
import dev.ucode.cli.view.TurnView;
import dev.ucode.console.Output;
import dev.ucode.history.History;
import dev.ucode.history.TurnLine;
import dev.ucode.history.TurnTree;
import dev.ucode.json.JsonWriter;
import dev.ucode.problem.Exit;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code ucode traces}: list them, or show one as a tree. */
final class TracesCommand implements Command {
  private static final int MOST = 20;

  private final Output out;
  private final Features features;
  private final ZoneId zone;

  TracesCommand(Output out, Features features, ZoneId zone) {
    this.out = out;
    this.features = features;
    this.zone = zone;
  }

  @Override
  public String name() {
    return "traces";
  }

  @Override
  public String summary() {
    return "list the traces of your sessions, or show one as a tree";
  }

  @Override
  public void describe(CommandSpec spec) {
    describeList(spec);
  }

  @Override
  public List<Example> examples() {
    return List.of(
        new Example("ucode traces", "the latest turns"),
        new Example("ucode traces show latest", "the newest as a tree"),
        new Example("ucode traces show 3f9a2c71 --json", "one of them, for a program"),
        new Example("ucode traces list --uc", "what is in the Unity Catalog table"));
  }

  @Override
  public List<Command> subcommands() {
    return List.of(new ListCommand(), new ShowCommand());
  }

  @Override
  public Exit run(ParseResult given) {
    return list(given);
  }

  private static void describeList(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-n", "--limit")
            .type(Integer.class)
            .paramLabel("N")
            .description("show at most N (" + MOST + " unless you say otherwise)")
            .build());
    describeSource(spec);
  }

  private static void describeSource(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("--uc")
            .description("read the Unity Catalog table by SQL instead of this machine's store")
            .build());
    spec.addOption(OptionSpec.builder("--json").description("for programs").build());
  }

  private History source(ParseResult given) {
    return given.hasMatchedOption("--uc") ? features.tableHistory() : features.localHistory();
  }

  private Exit list(ParseResult given) {
    Integer limit = given.matchedOptionValue("--limit", MOST);
    if (limit < 1) {
      throw new UserException(Problem.usage("--limit must be at least 1", null));
    }
    List<TurnLine> turns = source(given).latest(limit);
    if (given.hasMatchedOption("--json")) {
      out.print(JsonWriter.pretty(TurnListView.json(turns)));
    } else if (turns.isEmpty()) {
      out.line("no traces yet; they come when a turn of 'ucode claude' ends");
    } else {
      new TurnListView(out, zone).print(turns);
    }
    return Exit.OK;
  }

  private final class ListCommand implements Command {
    @Override
    public String name() {
      return "list";
    }

    @Override
    public String summary() {
      return "list turns, the newest first";
    }

    @Override
    public void describe(CommandSpec spec) {
      describeList(spec);
    }

    @Override
    public List<Example> examples() {
      return List.of(new Example("ucode traces list -n 50", "the latest fifty"));
    }

    @Override
    public Exit run(ParseResult given) {
      return list(given);
    }
  }

  private final class ShowCommand implements Command {
    @Override
    public String name() {
      return "show";
    }

    @Override
    public String summary() {
      return "show a turn as a tree, with times, tokens and outcomes";
    }

    @Override
    public void describe(CommandSpec spec) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .index("0")
              .arity("0..1")
              .paramLabel("TRACE")
              .description("a trace's id or its first digits, or 'latest', which is the default")
              .build());
      describeSource(spec);
    }

    @Override
    public List<Example> examples() {
      return List.of(
          new Example("ucode traces show", "the newest turn"),
          new Example("ucode traces show 3f9a2c71 --uc", "as it is in the Unity Catalog table"));
    }

    @Override
    public Exit run(ParseResult given) {
      TurnTree turn = source(given).show(given.matchedPositionalValue(0, "latest"));
      if (given.hasMatchedOption("--json")) {
        out.print(JsonWriter.pretty(TurnView.json(turn)));
      } else {
        new TurnView(out, zone).print(turn);
      }
      return Exit.OK;
    }
  }
}
