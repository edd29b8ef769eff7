package dev.ucode.cli;

import dev.ucode.history.History;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import dev.ucode.setup.ConfigureRequest;
import dev.ucode.setup.Progress;
import dev.ucode.setup.RevertPlan;
import dev.ucode.setup.RevertReport;
import dev.ucode.setup.SetupPlan;
import dev.ucode.setup.SetupReport;
import dev.ucode.setup.TracingRequest;
import dev.ucode.status.StatusReport;

/** What commands do their work with. Each is made when it is asked for, and no sooner. */
public interface Features {
  /** Starts an agent, or shows how it would be started. */
  Exit launch(AgentId agent, LaunchRequest request);

  /** What {@code configure} would do; changes nothing. */
  SetupPlan planConfigure(ConfigureRequest request, Progress progress);

  /** Configures agents. */
  SetupReport configure(ConfigureRequest request, Progress progress);

  /** What {@code configure tracing} would do; changes nothing. */
  SetupPlan planTracing(TracingRequest request, Progress progress);

  /** Turns tracing on or off. */
  SetupReport tracing(TracingRequest request, Progress progress);

  /** What {@code revert} would do; changes nothing. */
  RevertPlan planRevert(boolean purge);

  /** Undoes everything. */
  RevertReport revert(boolean purge);

  /** What is configured, and what became of the traces; asks nobody on the network. */
  StatusReport status();

  /** Turns in this machine's store. */
  History localHistory();

  /** Turns in the current workspace's Unity Catalog table. */
  History tableHistory();

  /** A tour without an account; says itself what it does. */
  Exit demo();
}
