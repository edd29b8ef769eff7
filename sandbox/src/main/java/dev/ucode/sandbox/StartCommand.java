package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code start}. */
@Command(
    name = "start",
    description = "Start a sandbox in the background, or do nothing if it runs.",
    footer = {
      "",
      "States: provisioned (default), no-experiment, classic-experiment, lookalike-names,",
      "no-warehouse, warehouse-forbidden. Data is kept over a restart; see reset.",
      "",
      "Examples:",
      "  ucode sandbox start",
      "  ucode sandbox start --name ci --port 8080 --json",
      "  ucode sandbox start --name broken --state no-warehouse"
    })
final class StartCommand extends SandboxCommand {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port on 127.0.0.1; default: the last one if it is free, else any.")
  int port;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      completionCandidates = States.class,
      description = "What a new sandbox holds: ${COMPLETION-CANDIDATES}.")
  @Nullable String state;

  @Option(names = "--foreground", description = "Stay, and stop on Ctrl-C.")
  boolean foreground;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  /** The words of the states. */
  static final class States implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(StartingState.values()).map(StartingState::word).iterator();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    StartingState wanted = wanted(state);
    Instance instance = instance();
    if (instance.running()) {
      RunFile run = instance.requireRunning();
      keepsItsState(instance, run);
      tell(instance, run, "runs already");
      return 0;
    }
    if (foreground) {
      return serve(instance, wanted);
    }
    RunFile run = Background.start(instance, port, wanted.word());
    keepsItsState(instance, run);
    tell(instance, run, "runs");
    return 0;
  }

  /** The state of that word. */
  static StartingState wanted(@Nullable String word) {
    try {
      return word == null ? StartingState.PROVISIONED : StartingState.of(word);
    } catch (ApiException unknown) {
      throw new Failure(unknown.text(), null);
    }
  }

  /** Says so where another state was asked for than the data has. */
  private void keepsItsState(Instance instance, RunFile run) throws IOException {
    if (state == null) {
      return;
    }
    AdminClient admin =
        new AdminClient(run.url(), Credentials.read(instance.folder()).adminToken());
    String current = admin.get("/sandbox/health").path("state").asText();
    if (!current.equals(state)) {
      terminal
          .err()
          .println(
              "note: sandbox '"
                  + name
                  + "' keeps its data, which began as "
                  + current
                  + "; to change that: ucode sandbox reset --state "
                  + state
                  + instance.nameOption());
    }
  }

  private int serve(Instance instance, StartingState wanted)
      throws IOException, InterruptedException, SQLException {
    Instance.Hold hold = instance.take();
    if (hold == null) {
      throw new Failure("sandbox '" + name + "' runs already", null);
    }
    CountDownLatch closed = new CountDownLatch(1);
    try (hold;
        Sandbox sandbox = open(instance, wanted)) {
      Thread main = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    main.interrupt();
                    awaitQuietly(closed);
                  }));
      RunFile run = new RunFile(sandbox.url(), ProcessHandle.current().pid());
      tell(instance, run, "runs");
      sandbox.awaitStop();
    } catch (InterruptedException stopping) {
      // Asked to end by a signal: closing is all there is to do.
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private static void awaitQuietly(CountDownLatch closed) {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Sandbox open(Instance instance, StartingState wanted) throws IOException, SQLException {
    try {
      return Sandbox.start(name, instance.folder(), port, wanted, InstantSource.system());
    } catch (BindException taken) {
      throw new Failure(
          "port " + port + " on 127.0.0.1 cannot be used",
          taken.getMessage(),
          "ucode sandbox start" + instance.nameOption() + " --port 0");
    }
  }

  private void tell(Instance instance, RunFile run, String verb) throws IOException {
    Credentials credentials = Credentials.read(instance.folder());
    if (json) {
      ObjectNode told =
          Json.object()
              .put("name", name)
              .put("url", run.url().toString())
              .put("pid", run.pid())
              .put("data", instance.folder().toString());
      terminal.json(told.setAll(credentials.json()));
      return;
    }
    terminal.line("Sandbox '" + name + "' " + verb + " at " + run.url());
    if (foreground) {
      terminal.line("  stop it with Ctrl-C");
      return;
    }
    String option = instance.nameOption();
    terminal.line("  token  " + credentials.token());
    terminal.line("  data   " + instance.folder());
    terminal.line("");
    terminal.line("Next:");
    terminal.line("  eval \"$(ucode sandbox env" + option + ")\"");
    terminal.line("  ucode configure --agents claude --tracing");
    terminal.line("  ucode sandbox stop" + option);
  }
}
