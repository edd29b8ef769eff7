package dev.ucode.cli;

import dev.ucode.console.Console;
import dev.ucode.console.Output;
import dev.ucode.console.Problems;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Finds the command that was asked for and runs it. The command line library is woken up for
 * commands with options alone: the help of all and a launch do without.
 */
public final class Cli {
  /** Commands of the launcher script, which never come here but belong into the help. */
  private static final Help.Entry SANDBOX =
      new Help.Entry("sandbox", "run a local stand-in workspace: start, stop, status, reset, env");

  private static final AgentId CLAUDE = AgentId.CLAUDE;

  private final Console console;
  private final String version;
  private final Features features;
  private final List<Command> commands;

  /**
   * @param version ucode's own
   * @param zone in which times are shown
   */
  public Cli(Console console, String version, Features features, ZoneId zone) {
    this.console = console;
    this.version = version;
    this.features = features;
    this.commands =
        List.of(
            new DemoCommand(features),
            new ConfigureCommand(console, features),
            new StatusCommand(console.out(), features),
            new TracesCommand(console.out(), features, zone),
            new RevertCommand(console.out(), features));
  }

  /**
   * Runs a command line.
   *
   * @throws RuntimeException where there is a bug; everything a person can act on is printed
   */
  public Exit run(List<String> words) {
    try {
      return dispatch(words);
    } catch (UserException e) {
      console.out().flush();
      Problems.print(e.problem(), console.err());
      return e.problem().exit();
    }
  }

  private Exit dispatch(List<String> words) {
    if (words.isEmpty()) {
      return help(console.out());
    }
    String first = words.getFirst();
    List<String> rest = words.subList(1, words.size());
    return switch (first) {
      case "-h", "--help" -> help(console.out());
      case "-V", "--version" -> {
        console.out().line(version);
        yield Exit.OK;
      }
      case "help" -> rest.isEmpty() ? help(console.out()) : dispatch(helpOf(rest));
      case "claude" -> launch(rest);
      default -> {
        Command command = find(commands, first);
        if (command == null) {
          List<String> known = new ArrayList<>(List.of("claude", "sandbox", "help"));
          commands.forEach(c -> known.add(c.name()));
          throw new UserException(Commands.unknown(first, known));
        }
        yield run("ucode", command, rest);
      }
    };
  }

  private static List<String> helpOf(List<String> words) {
    List<String> asked = new ArrayList<>(words);
    asked.add("--help");
    return asked;
  }

  private Exit launch(List<String> words) {
    LaunchRequest request = LaunchRequest.parse(words);
    if (request.help()) {
      LaunchHelp.print(console.out());
      return Exit.OK;
    }
    return features.launch(CLAUDE, request);
  }

  private Exit run(String above, Command command, List<String> words) {
    String name = above + " " + command.name();
    if (!words.isEmpty()) {
      Command below = find(command.subcommands(), words.getFirst());
      if (below != null) {
        return run(name, below, words.subList(1, words.size()));
      }
    }
    CommandSpec spec = CommandSpec.create().name(name);
    command.describe(spec);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build());
    ParseResult given;
    try {
      given = new CommandLine(spec).parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new UserException(misused(name, command, spec, e), e);
    }
    if (given.isUsageHelpRequested()) {
      Help.command(console.out(), name, command, spec);
      return Exit.OK;
    }
    return command.run(given);
  }

  private static Problem misused(
      String name, Command command, CommandSpec spec, ParameterException e) {
    String help = "see: " + name + " --help";
    return switch (e) {
      case UnmatchedArgumentException unmatched ->
          unknown(name, command, spec, unmatched.getUnmatched().getFirst(), help);
      case MissingParameterException missing -> Problem.usage(lack(name, missing), null, help);
      case OverwrittenOptionException twice ->
          Problem.usage("an option is given twice: " + twice.getMessage(), null, help);
      default -> Problem.usage(String.valueOf(e.getMessage()), null, help);
    };
  }

  private static Problem unknown(
      String name, Command command, CommandSpec spec, String word, String help) {
    boolean option = word.startsWith("-");
    String later = option ? LATER_OPTIONS.get(word) : null;
    if (later != null) {
      return Problem.usage(later + " is not in this version", null, "leave '" + word + "' out");
    }
    List<String> known =
        option
            ? spec.options().stream().map(OptionSpec::longestName).toList()
            : command.subcommands().stream().map(Command::name).toList();
    String near = Commands.nearest(word, known);
    return Problem.usage(
        "'" + name + "' knows no " + (option ? "option '" : "word '") + word + "'",
        null,
        near == null ? help : "did you mean: " + name + " " + near);
  }

  private static String lack(String name, MissingParameterException missing) {
    if (missing.getMissing().isEmpty()) {
      return String.valueOf(missing.getMessage());
    }
    ArgSpec first = missing.getMissing().getFirst();
    return first instanceof OptionSpec option
        ? option.longestName() + " needs a value: " + option.paramLabel()
        : name + " needs " + first.paramLabel();
  }

  private static final Map<String, String> LATER_OPTIONS =
      Map.of(
          "--mcp", "registering MCP servers",
          "--use-pat", "turning a profile's sign-in into a personal access token by an option",
          "--enable-fable", "choosing the fable family",
          "--disable-fable", "choosing the fable family");

  private static @Nullable Command find(List<Command> commands, String name) {
    for (Command command : commands) {
      if (command.name().equals(name)) {
        return command;
      }
    }
    return null;
  }

  private Exit help(Output out) {
    out.line(
        "ucode puts coding agents behind your company's Databricks AI Gateway and lands every");
    out.line("session's trace in one governed Unity Catalog table.");
    Help.title(out, "Usage");
    out.line("  ucode <command> [options]");
    Help.title(out, "Commands");
    List<Help.Entry> entries = new ArrayList<>();
    entries.add(new Help.Entry("claude [arguments]", LaunchHelp.SUMMARY));
    for (Command command : commands) {
      entries.add(new Help.Entry(command.name(), command.summary()));
    }
    entries.add(SANDBOX);
    Help.list(out, entries);
    Help.title(out, "Options");
    Help.list(
        out,
        List.of(
            new Help.Entry("-h, --help", "show this help; ucode <command> --help shows more"),
            new Help.Entry("-V, --version", "show the version")));
    Help.examples(
        out,
        List.of(
            new Command.Example("ucode demo", "see it work, with no account"),
            new Command.Example(
                "ucode configure --agents claude --tracing", "set up Claude Code and tracing"),
            new Command.Example("ucode claude", "work"),
            new Command.Example("ucode traces show latest", "look at the last turn")));
    return Exit.OK;
  }
}
