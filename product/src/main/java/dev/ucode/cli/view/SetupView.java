package dev.ucode.cli.view;

import dev.ucode.config.Preview;
import dev.ucode.console.Output;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.setup.SetupPlan;
import dev.ucode.setup.SetupReport;
import dev.ucode.workspace.TraceDestination;
import java.io.IOException;
import java.nio.file.Path;

/** What a set-up did, or would do. */
public final class SetupView {
  private final Output out;

  public SetupView(Output out) {
    this.out = out;
  }

  /** What would be done. */
  public void print(SetupPlan plan) {
    head(plan);
    for (SetupPlan.Install install : plan.installs()) {
      out.line("would install " + install.what() + ": " + install.reason());
    }
    try {
      for (Preview preview : Preview.of(plan.files())) {
        out.line(word(preview.kind()) + " " + preview.file());
        preview.lines().forEach(line -> out.line("  " + colour(line)));
      }
    } catch (IOException e) {
      throw new UserException(Problem.failure("cannot show what would change", e.getMessage()), e);
    }
    out.line();
    out.line("Nothing was changed.");
  }

  /** What was done. */
  public void print(SetupReport report) {
    SetupPlan plan = report.plan();
    head(plan);
    for (Path file : report.changed()) {
      out.line(out.paint().green("✔ ") + "wrote " + file);
    }
    for (AgentId agent : report.tried()) {
      out.line(out.paint().green("✔ ") + agent + " answered in a live conversation");
    }
    out.line();
    for (AgentId agent : plan.agents()) {
      out.line("Start it: ucode " + agent);
    }
  }

  private void head(SetupPlan plan) {
    out.line(out.paint().bold("Workspace") + "      " + plan.workspace());
    TraceDestination destination = plan.destination();
    if (destination != null) {
      out.line(
          out.paint().bold("Experiment")
              + "     "
              + destination.experimentName()
              + " (id "
              + destination.experimentId()
              + ")");
      out.line(out.paint().bold("Unity Catalog") + "  " + destination.spansTable());
      String warehouse = destination.warehouseId();
      out.line(out.paint().bold("SQL warehouse") + "  " + (warehouse == null ? "-" : warehouse));
    }
    plan.proved().forEach(line -> out.line(out.paint().green("✔ ") + line));
    plan.notes().forEach(line -> out.line(out.paint().dim("• ") + line));
    plan.warnings().forEach(line -> out.line(out.paint().yellow("! ") + line));
  }

  private static String word(Preview.Kind kind) {
    return switch (kind) {
      case CREATE -> "would create";
      case UPDATE -> "would change";
      case UNCHANGED -> "would leave";
      case RESTORE -> "would restore";
    };
  }

  private String colour(String line) {
    return line.startsWith("+")
        ? out.paint().green(line)
        : line.startsWith("-") ? out.paint().red(line) : out.paint().dim(line);
  }
}
