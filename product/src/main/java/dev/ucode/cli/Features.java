package dev.ucode.cli;

import dev.ucode.history.History;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import dev.ucode.status.StatusReport;

/** What commands do their work with. Each is made when it is asked for, and no sooner. */
public interface Features {
  /** Starts an agent, or shows how it would be started. */
  Exit launch(AgentId agent, LaunchRequest request);

  /** What is configured, and what became of the traces; asks nobody on the network. */
  StatusReport status();

  /** Turns in this machine's store. */
  History localHistory();

  /** Turns in the current workspace's Unity Catalog table. */
  History tableHistory();
}
