package dev.ucode.cli;

import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;

/** What commands do their work with. Each is made when it is asked for, and no sooner. */
public interface Features {
  /** Starts an agent, or shows how it would be started. */
  Exit launch(AgentId agent, LaunchRequest request);
}
