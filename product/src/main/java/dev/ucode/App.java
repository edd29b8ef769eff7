package dev.ucode;

import dev.ucode.cli.Cli;
import dev.ucode.cli.Features;
import dev.ucode.console.Console;
import dev.ucode.console.Problems;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.KeyFile;
import dev.ucode.os.LogFile;
import dev.ucode.os.LogFinder;
import dev.ucode.os.MachinePrograms;
import dev.ucode.os.Programs;
import dev.ucode.problem.Exit;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.redact.Mode;
import dev.ucode.redact.Redactor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;

/** Composition root: makes what a command needs, when it needs it. */
final class App implements Features {
  private static final String VERSION = System.getProperty("ucode.version", "unknown");

  private final Environment env = Environment.ofProcess();
  private final Folders folders = Folders.of(env);
  private final InstantSource clock = InstantSource.system();
  private final Programs programs = new MachinePrograms(env);
  private final Console console =
      Console.ofProcess(env, programs, System.getProperty("ucode.terminals", ""));
  private final LogFile log = log();

  /** Runs a command line; gives the process's exit code. */
  int run(List<String> words) {
    LogFinder.writeTo(log);
    try {
      return new Cli(console, VERSION, this).run(words).code();
    } catch (RuntimeException | Error bug) {
      // The person gets one line that says where to look; what went wrong is for us to read.
      log.write(Level.ERROR, "ucode " + String.join(" ", words), "internal error", bug);
      Problems.print(
          Problem.failure(
              "something went wrong inside ucode", null, "send the end of " + log.file()),
          console.err());
      return Exit.FAILURE.code();
    }
  }

  @Override
  public Exit launch(AgentId agent, LaunchRequest request) {
    throw new UserException(Problem.failure("nothing is configured", null, "run: ucode configure"));
  }

  private LogFile log() {
    boolean debug = "1".equals(env.present("UCODE_DEBUG"));
    return new LogFile(
        folders.logs().resolve("ucode.log"),
        debug ? Level.DEBUG : Level.INFO,
        clock,
        text -> {
          try {
            return new Redactor(Mode.REDACTED, KeyFile.readOrCreate(folders.markKey())).mask(text);
          } catch (IOException e) {
            return "(a message that could not be masked: " + e.getMessage() + ")\n";
          }
        });
  }
}
