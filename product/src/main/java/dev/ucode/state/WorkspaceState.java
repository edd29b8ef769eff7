package dev.ucode.state;

import dev.ucode.name.AgentId;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one workspace. Nothing of it ever enters another workspace's.
 *
 * @param user the identity the workspace knows us by
 * @param tokenInterval how long an agent may keep a token before it asks again
 * @param agents configured for it, in the order they were
 * @param destinations every destination traces were ever fixed to here, by id: an event of an
 *     earlier one may still wait in the spool
 */
public record WorkspaceState(
    WorkspaceUrl url,
    SignIn signIn,
    @Nullable String user,
    Duration tokenInterval,
    Models models,
    List<AgentId> agents,
    TracingState tracing,
    Map<String, TraceDestination> destinations) {
  public WorkspaceState {
    agents = List.copyOf(agents);
    // Whoever signs in anew does so for what still waits, too.
    Map<String, TraceDestination> served = new LinkedHashMap<>();
    for (TraceDestination d : destinations.values()) {
      served.put(
          d.id(),
          new TraceDestination(
              d.id(),
              url,
              signIn,
              d.experimentId(),
              d.experimentName(),
              d.location(),
              d.spansTable(),
              d.warehouseId(),
              d.user()));
    }
    destinations = Collections.unmodifiableMap(served);
  }

  /** Where traces of this workspace go; null where tracing is off. */
  public @Nullable TraceDestination destination() {
    String id = tracing.destination();
    return tracing.enabled() && id != null ? destinations.get(id) : null;
  }

  public WorkspaceState withTracing(TracingState changed) {
    return new WorkspaceState(
        url, signIn, user, tokenInterval, models, agents, changed, destinations);
  }
}
