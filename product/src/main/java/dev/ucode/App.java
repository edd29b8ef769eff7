package dev.ucode;

import dev.ucode.agent.Agent;
import dev.ucode.agent.Agents;
import dev.ucode.agent.InstalledAgents;
import dev.ucode.agent.Traceable;
import dev.ucode.agent.claude.ClaudeSessions;
import dev.ucode.cli.Cli;
import dev.ucode.cli.Features;
import dev.ucode.cli.view.LaunchView;
import dev.ucode.config.ConfigFiles;
import dev.ucode.console.Console;
import dev.ucode.console.Problems;
import dev.ucode.demo.Demo;
import dev.ucode.drain.Flush;
import dev.ucode.drain.Pace;
import dev.ucode.drain.Wake;
import dev.ucode.drain.Worker;
import dev.ucode.history.History;
import dev.ucode.history.LocalHistory;
import dev.ucode.history.TableHistory;
import dev.ucode.history.TurnLine;
import dev.ucode.history.TurnTree;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.UrlConnectionHttp;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.launch.Launcher;
import dev.ucode.name.AgentId;
import dev.ucode.os.Distribution;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.KeyFile;
import dev.ucode.os.LogFile;
import dev.ucode.os.LogFinder;
import dev.ucode.os.MachinePrograms;
import dev.ucode.os.OverlaidEnvironment;
import dev.ucode.os.Programs;
import dev.ucode.os.Steps;
import dev.ucode.os.StopAt;
import dev.ucode.problem.Exit;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.redact.Mode;
import dev.ucode.redact.Redactor;
import dev.ucode.setup.AuthToken;
import dev.ucode.setup.ConfigureRequest;
import dev.ucode.setup.Progress;
import dev.ucode.setup.Revert;
import dev.ucode.setup.RevertPlan;
import dev.ucode.setup.RevertReport;
import dev.ucode.setup.Setup;
import dev.ucode.setup.SetupPlan;
import dev.ucode.setup.SetupReport;
import dev.ucode.setup.TracingRequest;
import dev.ucode.spool.Launches;
import dev.ucode.spool.Lease;
import dev.ucode.state.StateFile;
import dev.ucode.state.WorkspaceState;
import dev.ucode.status.Overview;
import dev.ucode.status.StatusReport;
import dev.ucode.store.Store;
import dev.ucode.store.StoreFailure;
import dev.ucode.store.Views;
import dev.ucode.store.sqlite.SqliteStore;
import dev.ucode.transcript.TranscriptReader;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.CachedTokens;
import dev.ucode.workspace.Sql;
import dev.ucode.workspace.SqlRows;
import dev.ucode.workspace.TraceDestination;
import dev.ucode.workspace.rest.RestSql;
import dev.ucode.workspace.rest.RestWorkspaces;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Composition root: makes what a command needs, when it needs it. */
final class App implements Features {
  private static final String VERSION = System.getProperty("ucode.version", "unknown");

  /** A warehouse that is stopped takes minutes to start. */
  private static final Duration SQL_PATIENCE = Duration.ofMinutes(5);

  /** One who holds the lease may be about to leave. */
  private static final Duration LEASE_PATIENCE = Duration.ofSeconds(2);

  /** The demo's session has two: the prompt's, and the one that its subagent's end begins. */
  private static final int DEMO_TURNS = 5;

  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(45);

  private final InstantSource clock = InstantSource.system();
  private final Environment env;
  private final Folders folders;
  private final Programs programs;
  private final Console console;
  private final StateFile states;
  private final LogFile log;
  private final Runnable halt;

  /**
   * @param halt ends the process on the spot, as a kill would
   */
  App(Runnable halt) {
    this(halt, Environment.ofProcess());
  }

  private App(Runnable halt, Environment env) {
    this.halt = halt;
    this.env = env;
    this.folders = Folders.of(env);
    this.programs = new MachinePrograms(env);
    this.console = Console.ofProcess(env, programs, System.getProperty("ucode.terminals", ""));
    this.states = new StateFile(folders);
    this.log = log(env, folders, clock);
  }

  /** Runs a command line; gives the process's exit code. */
  int run(List<String> words) {
    LogFinder.writeTo(log);
    try {
      return dispatch(words).code();
    } catch (UserException e) {
      Problems.print(e.problem(), console.err());
      return e.problem().exit().code();
    } catch (StoreFailure e) {
      log.write(Level.ERROR, "store", e.problem().what(), e.getCause());
      Problems.print(e.problem(), console.err());
      return e.problem().exit().code();
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

  /** What machines call goes without the command line's library. */
  private Exit dispatch(List<String> words) {
    String verb = words.isEmpty() ? "" : words.getFirst();
    return switch (verb) {
      case "auth-token" -> authToken(words.subList(1, words.size()));
      case "drain" -> drain();
      default -> new Cli(console, VERSION, this, ZoneId.systemDefault()).run(words);
    };
  }

  /** Reads and sends for as long as there is something to do; one process at a time. */
  private Exit drain() {
    try (Lease lease = Lease.take(folders.spool(), LEASE_PATIENCE)) {
      if (lease == null) {
        return Exit.OK; // somebody is at it
      }
      byte[] key = KeyFile.readOrCreate(folders.markKey());
      Http http = http();
      Steps steps = StopAt.of(env, halt);
      try (Store store = SqliteStore.open(folders.database(), steps)) {
        new Worker(
                folders.spool(),
                store,
                readers(),
                Map.of(AgentId.CLAUDE, claudeSessions()::transcript),
                new Redactor(Mode.REDACTED, key),
                new StateRoutes(states, http, new CachedTokens(env, folders, http, clock), VERSION),
                pace(),
                clock,
                steps,
                VERSION)
            .run(lease);
      }
      return Exit.OK;
    } catch (IOException e) {
      throw new UserException(
          Problem.failure(
              "the worker cannot work",
              e.getMessage(),
              "check that " + folders.root() + " can be written and its disk is not full"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.INTERRUPTED;
    }
  }

  /** Tests cannot wait as long as a real workspace is given. */
  private Pace pace() {
    Duration idle = millis("UCODE_DRAIN_IDLE_MS");
    Duration doubt = millis("UCODE_DRAIN_DOUBT_MS");
    Pace pace = idle == null ? Pace.NORMAL : Pace.NORMAL.idle(idle);
    return doubt == null ? pace : pace.doubt(doubt);
  }

  private @Nullable Duration millis(String variable) {
    String value = env.present(variable);
    return value != null && value.matches("\\d{1,9}")
        ? Duration.ofMillis(Long.parseLong(value))
        : null;
  }

  private ClaudeSessions claudeSessions() {
    String folder = env.present("CLAUDE_CONFIG_DIR");
    return new ClaudeSessions(folder == null ? env.home().resolve(".claude") : Path.of(folder));
  }

  private static Map<AgentId, TranscriptReader> readers() {
    Map<AgentId, TranscriptReader> readers = new LinkedHashMap<>();
    for (Agent agent : Agents.all()) {
      if (agent instanceof Traceable traceable) {
        readers.put(agent.id(), traceable.reader());
      }
    }
    return readers;
  }

  private Exit authToken(List<String> words) {
    CachedTokens tokens = new CachedTokens(env, folders, http(), clock);
    console.out().line(new AuthToken(env, folders, tokens).get(words));
    return Exit.OK;
  }

  @Override
  public Exit launch(AgentId agent, LaunchRequest request) {
    Launcher launcher =
        new Launcher(
            folders,
            env,
            states,
            new ConfigFiles(folders),
            new InstalledAgents(programs, env, folders, !request.dryRun()),
            new Launches(folders.spool()),
            clock,
            VERSION);
    Launcher.Planned planned = launcher.plan(agent, request);
    if (request.dryRun()) {
      new LaunchView(console.out()).print(planned);
      return Exit.OK;
    }
    // Given by the launcher script alone: descriptor 3 of anybody else is not a pipe to write to.
    String handover = System.getProperty("ucode.handover");
    Long process = Long.getLong("ucode.launcher");
    if (handover == null || process == null) {
      throw new UserException(
          Problem.failure(
              "an agent can only be started through the launcher script", null, "run bin/ucode"));
    }
    planned.plan().notes().forEach(console.err()::line);
    launcher.start(planned, process, Path.of(handover));
    return Exit.OK;
  }

  @Override
  public SetupPlan planConfigure(ConfigureRequest request, Progress progress) {
    return setup().plan(request, progress);
  }

  @Override
  public SetupReport configure(ConfigureRequest request, Progress progress) {
    return changing(() -> setup().configure(request, progress));
  }

  @Override
  public SetupPlan planTracing(TracingRequest request, Progress progress) {
    return setup().plan(request, progress);
  }

  @Override
  public SetupReport tracing(TracingRequest request, Progress progress) {
    return changing(() -> setup().tracing(request, progress));
  }

  @Override
  public RevertPlan planRevert(boolean purge) {
    return new Revert(folders).plan(purge);
  }

  @Override
  public RevertReport revert(boolean purge) {
    return changing(() -> new Revert(folders).apply(purge));
  }

  private Setup setup() {
    Http http = http();
    return new Setup(
        new Setup.Tools(
            env,
            folders,
            programs,
            Distribution.ofProcess(),
            VERSION,
            new RestWorkspaces(http),
            new CachedTokens(env, folders, http, clock),
            CachedTokens.leavingNothing(env, folders, http, clock),
            Agents.all()));
  }

  private interface Change<T> {
    T run() throws IOException;
  }

  private static <T> T changing(Change<T> change) {
    try {
      return change.run();
    } catch (IOException e) {
      throw new UserException(
          Problem.failure(
              "a file cannot be written",
              e.getMessage(),
              "make room or correct the permissions, then run the same command again"),
          e);
    }
  }

  @Override
  public StatusReport status() {
    return new Overview(folders, env, states, programs, this::views, clock, VERSION).look();
  }

  @Override
  public History localHistory() {
    Views views = views();
    return views == null ? History.EMPTY : new LocalHistory(views);
  }

  @Override
  public History tableHistory() {
    WorkspaceState workspace = states.read().currentWorkspace();
    TraceDestination destination = workspace == null ? null : workspace.destination();
    if (destination == null) {
      throw new UserException(
          Problem.failure("tracing is off", null, "turn it on: ucode configure tracing"));
    }
    String warehouse = destination.warehouseId();
    if (warehouse == null) {
      throw new UserException(
          Problem.failure(
              "there is no SQL warehouse to read the table with",
              null,
              "run: ucode configure tracing"));
    }
    Sql sql =
        new RestSql(
            http(),
            destination.workspace(),
            destination.signIn(),
            new CachedTokens(env, folders, http(), clock));
    return new TableHistory(
        (statement, parameters) -> select(sql, warehouse, statement, parameters),
        destination.spansTable());
  }

  private static SqlRows select(
      Sql sql, String warehouse, String statement, Map<String, String> parameters) {
    try {
      return sql.select(warehouse, statement, parameters, Deadline.in(SQL_PATIENCE));
    } catch (ApiFailure e) {
      throw new UserException(
          Problem.failure(
              "the traces' table cannot be read",
              e.detail(),
              e.kind() == ApiFailure.Kind.FORBIDDEN
                  ? "ask an admin for SELECT on the table and CAN USE on SQL warehouse " + warehouse
                  : "see the state of SQL warehouse " + warehouse + ", or try again"),
          e);
    }
  }

  @Override
  public Exit demo() {
    Distribution distribution = Distribution.ofProcess();
    if (distribution == null) {
      throw new UserException(
          Problem.failure(
              "the demo can only be run through the launcher script", null, "run bin/ucode"));
    }
    Path folder = folders.root().resolve("demo");
    try (dev.ucode.console.Progress progress = console.progress()) {
      Demo demo =
          new Demo(
              env,
              programs,
              distribution.home().resolve("bin/ucode"),
              folder,
              new DemoGuide(console.err(), progress));
      demo.run();
      progress.step("waiting for the traces to be delivered");
      App inside = new App(halt, new OverlaidEnvironment(env, demo.variables(), demo.project()));
      Flush.Result flushed = inside.flush();
      progress.step("reading the traces back from the Unity Catalog table by SQL");
      History table = inside.tableHistory();
      List<TurnTree> turns = new ArrayList<>();
      for (TurnLine line : table.latest(DEMO_TURNS).reversed()) {
        turns.add(table.show(line.id().hex()));
      }
      progress.done();
      new DemoGuide(console.out(), progress).result(turns, inside.status(), flushed, folder);
    }
    return Exit.OK;
  }

  private Flush.Result flush() {
    Wake wake = new Wake(folders.root(), folders.bin().resolve("hook"));
    Flush flush =
        new Flush(
            folders.spool(),
            wake,
            () -> Files.exists(folders.database()) ? SqliteStore.open(folders.database()) : null);
    try {
      return flush.run(Deadline.in(FLUSH_PATIENCE));
    } catch (IOException e) {
      throw new UserException(
          Problem.failure("the worker cannot be woken", e.getMessage(), "run: ucode status"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException(new Problem("interrupted", null, List.of(), Exit.INTERRUPTED), e);
    }
  }

  /** What the store shows; null where there is no store yet. */
  private @Nullable Views views() {
    // Only to look at: a home that may not be written must not hide what is in it. The process ends
    // with the command, and the connection with it.
    Store store = SqliteStore.openToRead(folders.database());
    return store == null ? null : store.views();
  }

  private static Http http() {
    return new UrlConnectionHttp("ucode/" + VERSION);
  }

  private static LogFile log(Environment env, Folders folders, InstantSource clock) {
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
