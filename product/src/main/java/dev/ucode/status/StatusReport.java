package dev.ucode.status;

import dev.ucode.check.Check;
import dev.ucode.name.AgentId;
import dev.ucode.state.WorkspaceState;
import dev.ucode.store.Counter;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.Views;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of an installation at one moment.
 *
 * @param version ucode's own
 * @param home the folder of our files
 * @param at when it was looked at
 * @param workspace the current one; null where nothing is configured
 * @param otherWorkspaces how many more are configured
 * @param signIn whether tokens can be had; null without a workspace
 * @param agents the current workspace's
 * @param deliveries what became of traces, by destination; the current one first
 * @param inbox events of hooks that no worker has read yet
 * @param oldestEvent since when the oldest of them waits
 * @param workerRuns whether a worker is there
 * @param odd what was odd in transcripts, and how often
 * @param quarantined traces that were refused for good, the newest first
 * @param checks what a person should look at, in no more than a line each
 */
public record StatusReport(
    String version,
    Path home,
    Instant at,
    @Nullable WorkspaceState workspace,
    int otherWorkspaces,
    @Nullable Check signIn,
    List<AgentStatus> agents,
    List<DeliveryFigures> deliveries,
    int inbox,
    @Nullable Instant oldestEvent,
    boolean workerRuns,
    List<Counter> odd,
    List<Views.Quarantined> quarantined,
    List<Check> checks) {
  public StatusReport {
    agents = List.copyOf(agents);
    deliveries = List.copyOf(deliveries);
    odd = List.copyOf(odd);
    quarantined = List.copyOf(quarantined);
    checks = List.copyOf(checks);
  }

  /**
   * An agent.
   *
   * @param display its name for people
   * @param binary its program; null where there is none on {@code PATH}
   */
  public record AgentStatus(AgentId id, String display, @Nullable Path binary) {}
}
