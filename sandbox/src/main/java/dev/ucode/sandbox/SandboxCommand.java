package dev.ucode.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the subcommands share: which sandbox they are about, and help. */
abstract class SandboxCommand implements Callable<Integer> {
  /** Set before the command runs. */
  Terminal terminal = new Terminal(Map.of(), System.out, System.err);

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = Instance.DEFAULT,
      description = "Which sandbox; default: ${DEFAULT-VALUE}.")
  String name = Instance.DEFAULT;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Its data folder; default: $${UCODE_SANDBOX_HOME:-~/.ucode/sandbox}/NAME.")
  @Nullable Path data;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  /** The sandbox that is meant. */
  Instance instance() {
    return Instance.of(name, data, terminal.environment());
  }

  /** A client of the running sandbox. */
  AdminClient admin() throws IOException {
    Instance instance = instance();
    RunFile run = instance.requireRunning();
    return new AdminClient(run.url(), Credentials.read(instance.folder()).adminToken());
  }
}
