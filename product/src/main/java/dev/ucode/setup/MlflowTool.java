package dev.ucode.setup;

import dev.ucode.agent.Helpers;
import dev.ucode.os.Programs;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The MLflow command line, installed by {@code uv tool} at the versions whose Unity Catalog
 * exporter works: MLflow 3.11 with an OpenTelemetry SDK before 1.43. With a later SDK the root span
 * and the trace's info are never sent, and the agent is told to stop.
 */
final class MlflowTool {
  static final String MLFLOW = "mlflow[databricks]>=3.11,<3.12";
  static final String SDK = "opentelemetry-sdk<1.43";
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration INSTALL = Duration.ofMinutes(10);

  private final Programs programs;
  private final Path folder;

  MlflowTool(Programs programs, Path folder) {
    this.programs = programs;
    this.folder = folder;
  }

  /**
   * What is there and what is to be done.
   *
   * @param command where the program is, or will be
   * @param install null where what is there will do
   */
  record Plan(Path command, SetupPlan.@Nullable Install install) {}

  Plan plan() {
    Path uv = programs.find("uv");
    if (uv == null) {
      throw new UserException(
          Problem.failure(
              "--exporter mlflow needs uv, which is not on PATH",
              "it installs " + MLFLOW + " apart from your own Python",
              "install it: https://docs.astral.sh/uv/getting-started/installation/",
              "or use the native exporter, which needs nothing: ucode configure tracing"
                  + " --exporter native"));
    }
    Path command = Path.of(say(uv, "tool", "dir", "--bin")).resolve("mlflow");
    String fault = fault(command, Path.of(say(uv, "tool", "dir")).resolve("mlflow"));
    if (fault == null) {
      return new Plan(command, null);
    }
    List<String> install =
        List.of(uv.toString(), "tool", "install", "--force", MLFLOW, "--with", SDK);
    return new Plan(command, new SetupPlan.Install(MLFLOW + " with " + SDK, install, fault));
  }

  /** Installs, and looks whether it is right now. */
  void install(SetupPlan.Install install) {
    Programs.Outcome outcome;
    try {
      outcome = programs.run(install.command(), Map.of(), folder, INSTALL);
    } catch (IOException e) {
      throw failed(install, String.valueOf(e.getMessage()));
    }
    if (outcome.exit() != 0) {
      String said = outcome.err().isBlank() ? outcome.out() : outcome.err();
      List<String> lines = said.strip().lines().toList();
      throw failed(
          install,
          outcome.timedOut()
              ? "it took longer than ten minutes"
              : lines.isEmpty() ? "exit code " + outcome.exit() : lines.getLast());
    }
    Plan after = plan();
    if (after.install() != null) {
      throw failed(install, after.install().reason());
    }
  }

  private static UserException failed(SetupPlan.Install install, String why) {
    return new UserException(
        Problem.failure(
            "could not install " + install.what(),
            why,
            "try it by hand: " + Helpers.shell(install.command()),
            "or use the native exporter: ucode configure tracing --exporter native"));
  }

  /** Why what is installed will not do; null where it will. */
  private static @Nullable String fault(Path command, Path environment) {
    if (!Files.isExecutable(command)) {
      return "it is not installed";
    }
    String mlflow = version(environment, "mlflow");
    if (mlflow == null) {
      return command + " is there, but not installed by uv tool";
    }
    if (!mlflow.matches("3\\.11(\\..*)?")) {
      return "mlflow " + mlflow + " is installed; its hook does not write to Unity Catalog";
    }
    String sdk = version(environment, "opentelemetry_sdk");
    if (sdk == null || !before143(sdk)) {
      return "mlflow "
          + mlflow
          + " is installed with opentelemetry-sdk "
          + (sdk == null ? "missing" : sdk)
          + ", with which the root span and the trace's info are never sent";
    }
    return null;
  }

  static boolean before143(String version) {
    Matcher matcher = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*").matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major < 1 || (major == 1 && Integer.parseInt(matcher.group(2)) < 43);
  }

  /** The version of a distribution, from the name of its metadata folder. */
  private static @Nullable String version(Path environment, String distribution) {
    try (DirectoryStream<Path> pythons =
        Files.newDirectoryStream(environment.resolve("lib"), "python3*")) {
      for (Path python : pythons) {
        try (DirectoryStream<Path> infos =
            Files.newDirectoryStream(
                python.resolve("site-packages"), distribution + "-*.dist-info")) {
          for (Path info : infos) {
            String name = info.getFileName().toString();
            return name.substring(distribution.length() + 1, name.length() - ".dist-info".length());
          }
        }
      }
    } catch (IOException none) {
      return null;
    }
    return null;
  }

  private String say(Path uv, String... words) {
    List<String> command = new ArrayList<>(List.of(uv.toString()));
    command.addAll(List.of(words));
    try {
      Programs.Outcome outcome = programs.run(command, Map.of(), folder, LOOK);
      if (outcome.exit() == 0 && !outcome.out().isBlank()) {
        return outcome.out().strip();
      }
      throw new UserException(
          Problem.failure(
              "'" + String.join(" ", command) + "' failed",
              outcome.err().strip(),
              "check your uv, or use the native exporter"));
    } catch (IOException e) {
      throw new UserException(
          Problem.failure(
              "'" + String.join(" ", command) + "' cannot be run",
              e.getMessage(),
              "check your uv, or use the native exporter"),
          e);
    }
  }
}
