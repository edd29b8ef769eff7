package dev.ucode.cli;

import dev.ucode.agent.Agents;
import dev.ucode.cli.view.SetupView;
import dev.ucode.console.Console;
import dev.ucode.console.Progress;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.setup.ConfigureRequest;
import dev.ucode.setup.SetupPlan;
import dev.ucode.setup.SetupReport;
import dev.ucode.setup.TracingRequest;
import dev.ucode.state.Exporter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code ucode configure} and {@code ucode configure tracing}. */
final class ConfigureCommand implements Command {
  private final Console console;
  private final Features features;

  ConfigureCommand(Console console, Features features) {
    this.console = console;
    this.features = features;
  }

  @Override
  public String name() {
    return "configure";
  }

  @Override
  public String summary() {
    return "set agents up for a workspace, and where their traces go";
  }

  @Override
  public List<Command> subcommands() {
    return List.of(new TracingCommand());
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(option("--agents", "NAMES", "agents to set up, separated by commas: claude"));
    spec.addOption(option("--agent", "NAME", "one agent to set up"));
    spec.addOption(option("--workspaces", "URLS", "workspaces, the first one becomes current"));
    spec.addOption(option("--profiles", "NAMES", "profiles of ~/.databrickscfg, instead of URLs"));
    spec.addOption(flag("--tracing", "trace sessions into the experiment ucode-traces"));
    spec.addOption(exporter());
    spec.addOption(flag("--skip-unavailable", "leave out agents the workspace has no model for"));
    spec.addOption(flag("--skip-validate", "no short live conversation at the end"));
    spec.addOption(flag("--dry-run", "show what would change, and change nothing"));
  }

  @Override
  public List<Example> examples() {
    return List.of(
        new Example("ucode configure --agents claude --tracing", "the usual set-up"),
        new Example(
            "ucode configure --agents claude --profiles work --skip-validate", "by a script"),
        new Example("ucode configure --agents claude --tracing --dry-run", "what would it change?"),
        new Example("ucode configure tracing --disable", "no more traces"));
  }

  @Override
  public Exit run(ParseResult given) {
    List<String> names = new ArrayList<>(words(given, "--agents"));
    String one = given.matchedOptionValue("--agent", null);
    if (one != null) {
      if (!names.isEmpty()) {
        throw new UserException(Problem.usage("--agent and --agents exclude each other", null));
      }
      names.add(one);
    }
    List<String> workspaces = words(given, "--workspaces");
    List<String> profiles = words(given, "--profiles");
    if (!workspaces.isEmpty() && !profiles.isEmpty()) {
      throw new UserException(
          Problem.usage("--workspaces and --profiles exclude each other", null));
    }
    LinkedHashSet<AgentId> agents = new LinkedHashSet<>();
    names.forEach(name -> agents.add(Agents.named(name).id()));
    Exporter exporter = exporter(given);
    ConfigureRequest request =
        new ConfigureRequest(
            List.copyOf(agents),
            workspaces,
            profiles,
            given.hasMatchedOption("--tracing") || exporter != null,
            exporter,
            given.hasMatchedOption("--skip-unavailable"),
            given.hasMatchedOption("--skip-validate"));
    return show(
        given.hasMatchedOption("--dry-run"),
        progress -> features.planConfigure(request, progress),
        progress -> features.configure(request, progress));
  }

  private interface Step<T> {
    T run(dev.ucode.setup.Progress progress);
  }

  private Exit show(boolean dryRun, Step<SetupPlan> plan, Step<SetupReport> doIt) {
    SetupView view = new SetupView(console.out());
    if (dryRun) {
      SetupPlan planned;
      try (Progress progress = console.progress()) {
        planned = plan.run(progress::step);
      }
      view.print(planned);
      return Exit.OK;
    }
    SetupReport report;
    try (Progress progress = console.progress()) {
      report = doIt.run(progress::step);
    }
    view.print(report);
    return Exit.OK;
  }

  /** {@code ucode configure tracing}. */
  private final class TracingCommand implements Command {
    @Override
    public String name() {
      return "tracing";
    }

    @Override
    public String summary() {
      return "turn tracing on or off, or choose who sends";
    }

    @Override
    public void describe(CommandSpec spec) {
      spec.addOption(option("--workspace", "URL", "another workspace than the current one"));
      spec.addOption(flag("--disable", "take away exactly what tracing added"));
      spec.addOption(exporter());
      spec.addOption(flag("--dry-run", "show what would change, and change nothing"));
    }

    @Override
    public List<Example> examples() {
      return List.of(
          new Example("ucode configure tracing", "trace into the workspace's ucode-traces"),
          new Example(
              "ucode configure tracing --exporter mlflow",
              "let MLflow's own Stop hook send (needs uv and Python)"),
          new Example("ucode configure tracing --disable", "no more traces"));
    }

    @Override
    public Exit run(ParseResult given) {
      String workspace = given.matchedOptionValue("--workspace", null);
      TracingRequest request =
          new TracingRequest(workspace, given.hasMatchedOption("--disable"), exporter(given));
      return show(
          given.hasMatchedOption("--dry-run"),
          progress -> features.planTracing(request, progress),
          progress -> features.tracing(request, progress));
    }
  }

  private static @Nullable Exporter exporter(ParseResult given) {
    String word = given.matchedOptionValue("--exporter", null);
    if (word == null) {
      return null;
    }
    for (Exporter exporter : Exporter.values()) {
      if (exporter.word().equals(word)) {
        return exporter;
      }
    }
    throw new UserException(
        Problem.usage("there is no exporter '" + word + "'", null, "use native or mlflow"));
  }

  private static OptionSpec exporter() {
    return option("--exporter", "NAME", "who sends: native (ucode itself) or mlflow");
  }

  private static OptionSpec flag(String name, String text) {
    return OptionSpec.builder(name).description(text).build();
  }

  private static OptionSpec option(String name, String label, String text) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .description(text)
        .build();
  }

  private static List<String> words(ParseResult given, String name) {
    String value = given.matchedOptionValue(name, null);
    if (value == null) {
      return List.of();
    }
    LinkedHashSet<String> words = new LinkedHashSet<>();
    for (String word : value.split(",", -1)) {
      if (!word.isBlank()) {
        words.add(word.strip());
      }
    }
    if (words.isEmpty()) {
      throw new UserException(Problem.usage(name + " names nothing", null));
    }
    return List.copyOf(words);
  }
}
