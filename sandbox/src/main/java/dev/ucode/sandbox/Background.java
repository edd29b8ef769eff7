package dev.ucode.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a server process that outlives the command and its terminal. */
final class Background {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LOG_LIMIT_BYTES = 1 << 20;
  static final String LOG = "server.log";

  private Background() {}

  /**
   * Starts {@code start --foreground} for the instance and waits until it answers.
   *
   * @throws Failure where it ends before, with the end of its log, or takes too long
   */
  static RunFile start(Instance instance, int port, String state)
      throws IOException, InterruptedException {
    PrivateFiles.folder(instance.folder());
    Path log = instance.folder().resolve(LOG);
    PrivateFiles.touch(log);
    if (Files.size(log) > LOG_LIMIT_BYTES) {
      PrivateFiles.write(log, "");
    }
    Process process =
        new ProcessBuilder(command(instance, port, state))
            .directory(instance.folder().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .start();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      RunFile run = RunFile.read(instance.folder());
      if (run != null && run.pid() == process.pid() && instance.running()) {
        return run;
      }
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new Failure("the sandbox did not start", lastLine(log), "see " + log);
      }
    }
    process.destroy();
    throw new Failure(
        "the sandbox did not answer within " + PATIENCE.toSeconds() + " s", null, "see " + log);
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    for (String line : lines.reversed()) {
      if (line.startsWith("ucode: ")) {
        return line.substring("ucode: ".length());
      }
    }
    return lines.isEmpty() ? "it wrote no log" : lines.getLast();
  }

  private static List<String> command(Instance instance, int port, String state) {
    List<String> command = new ArrayList<>();
    // A session of its own where the system has setsid(1), so that a closing terminal does not
    // reach it; where not, hang-ups are ignored, which the JVM leaves alone.
    command.addAll(
        List.of(
            "/bin/sh",
            "-c",
            "trap '' HUP; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi;"
                + " exec \"$@\"",
            "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    for (String property : System.getProperties().stringPropertyNames()) {
      if (property.startsWith("org.sqlite.") || property.startsWith("ucode.")) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.addAll(
        List.of(
            Main.class.getName(),
            "start",
            "--foreground",
            "--name",
            instance.name(),
            "--data",
            instance.folder().toString(),
            "--port",
            Integer.toString(port),
            "--state",
            state));
    return command;
  }

  /** The server runs in another folder than the command. */
  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
