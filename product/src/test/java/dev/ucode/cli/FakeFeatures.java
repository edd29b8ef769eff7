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

  @Override
  public SetupPlan planConfigure(ConfigureRequest request, Progress progress) {
    throw unexpected();
  }

  @Override
  public SetupReport configure(ConfigureRequest request, Progress progress) {
    throw unexpected();
  }

  @Override
  public SetupPlan planTracing(TracingRequest request, Progress progress) {
    throw unexpected();
  }

  @Override
  public SetupReport tracing(TracingRequest request, Progress progress) {
    throw unexpected();
  }

  @Override
  public RevertPlan planRevert(boolean purge) {
    throw unexpected();
  }

  @Override
  public RevertReport revert(boolean purge) {
    throw unexpected();
  }

  @Override
  public Exit demo() {
    throw unexpected();
  }

  static AssertionError unexpected() {
    return new AssertionError("this feature was not expected to be asked for");
  }
}
