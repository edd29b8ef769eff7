package dev.ucode.sandbox;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ucode sandbox}: starts, stops and asks local stand-in workspaces. */
@Command(
    name = "ucode sandbox",
    description =
        "A local stand-in for a Databricks workspace: no account, nothing leaves this machine.",
    mixinStandardHelpOptions = false,
    subcommands = {
      StartCommand.class,
      StopCommand.class,
      StatusCommand.class,
      ResetCommand.class,
      EnvCommand.class,
      FaultCommand.class,
      RequestsCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  ucode sandbox start",
      "  eval \"$(ucode sandbox env)\"      DATABRICKS_HOST and DATABRICKS_TOKEN for any client",
      "  ucode sandbox start --name broken --state no-warehouse",
      "  ucode sandbox fault add cut-after-commit '/api/2.0/otel/*' --times 1",
      "  ucode sandbox requests --path /otel",
      "  ucode sandbox stop"
    })
public final class Main implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  private Main() {}

  /** Runs the command and exits with its code: 0, 1 for a failure, 2 for wrong usage. */
  public static void main(String[] arguments) {
    // SQLite's native calls hold their carrier thread; two of them must not hold up all others.
    if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
      System.setProperty("jdk.virtualThreadScheduler.parallelism", "8");
    }
    // A call of ours that was cut is not repeated behind our back.
    System.setProperty("sun.net.http.retryPost", "false");
    System.exit(run(System.getenv(), System.out, System.err, arguments));
  }

  /** Runs the command with the given surroundings; returns its exit code. */
  static int run(
      Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
    Terminal terminal = new Terminal(environment, out, err);
    CommandLine line = new CommandLine(new Main(), new TerminalFactory(terminal));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(terminal.outWriter());
    line.setErr(terminal.errWriter());
    line.setExecutionExceptionHandler(
        (failure, _, _) -> {
          err.print(render(failure));
          err.flush();
          return 1;
        });
    int code = line.execute(arguments);
    out.flush();
    return code;
  }

  private static String render(Exception failure) {
    if (failure instanceof Failure known) {
      return known.render();
    }
    if (failure instanceof IOException io) {
      return new Failure(String.valueOf(io.getMessage()), null).render();
    }
    return new Failure(
            "the sandbox command failed: " + failure.getMessage(),
            "this is a defect of ucode (" + failure.getClass().getSimpleName() + ")")
        .render();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Gives every command the terminal. */
  private record TerminalFactory(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (SandboxCommand.class.isAssignableFrom(type)) {
        K command = type.getDeclaredConstructor().newInstance();
        ((SandboxCommand) command).terminal = terminal;
        return command;
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
