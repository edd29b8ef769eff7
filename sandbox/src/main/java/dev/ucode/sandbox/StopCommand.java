package dev.ucode.sandbox;

import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** {@code stop}. */
@Command(
    name = "stop",
    description = "Stop a sandbox; its data is kept.",
    footer = {"", "Examples:", "  ucode sandbox stop", "  ucode sandbox stop --name ci"})
final class StopCommand extends SandboxCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instance instance = instance();
    if (!instance.running()) {
      terminal.line("Sandbox '" + name + "' is not running.");
      return 0;
    }
    RunFile run = instance.requireRunning();
    try {
      admin().post("/sandbox/stop", Json.object());
    } catch (IOException deaf) {
      terminate(run);
    }
    if (!gone(run)) {
      terminate(run);
      if (!gone(run)) {
        throw new Failure("process " + run.pid() + " does not end", null, "kill -9 " + run.pid());
      }
    }
    terminal.line("Sandbox '" + name + "' is stopped.");
    return 0;
  }

  private static void terminate(RunFile run) {
    ProcessHandle.of(run.pid()).ifPresent(ProcessHandle::destroy);
  }

  private static boolean gone(RunFile run) throws InterruptedException {
    ProcessHandle process = ProcessHandle.of(run.pid()).orElse(null);
    if (process == null || process.pid() == ProcessHandle.current().pid()) {
      return true;
    }
    try {
      process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillThere) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
