package dev.ucode.cli;

import dev.ucode.history.History;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import dev.ucode.status.StatusReport;

/** Features none of which is expected to be asked for; a test overrides those that are. */
class FakeFeatures implements Features {
  @Override
  public Exit launch(AgentId agent, LaunchRequest request) {
    throw unexpected();
  }

  @Override
  public StatusReport status() {
    throw unexpected();
  }

  @Override
  public History localHistory() {
    throw unexpected();
  }

  @Override
  public History tableHistory() {
    throw unexpected();
  }

  static AssertionError unexpected() {
    return new AssertionError("this feature was not expected to be asked for");
  }
}
