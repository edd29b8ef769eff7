package dev.ucode.setup;

import dev.ucode.name.AgentId;
import dev.ucode.state.Exporter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ucode configure}.
 *
 * @param agents to be configured; empty for every agent we know that is installed
 * @param workspaces addresses as typed; with {@code profiles} empty too: {@code DATABRICKS_HOST},
 *     else the current workspace, else the only profile
 * @param profiles of {@code ~/.databrickscfg}; not together with {@code workspaces}
 * @param tracing whether to set tracing up as well
 * @param exporter who sends; null for the native one, or the one chosen before
 * @param skipUnavailable leave out agents that the workspace has no model for, instead of failing
 * @param skipValidate no live conversation with the agent at the end
 */
public record ConfigureRequest(
    List<AgentId> agents,
    List<String> workspaces,
    List<String> profiles,
    boolean tracing,
    @Nullable Exporter exporter,
    boolean skipUnavailable,
    boolean skipValidate) {
  public ConfigureRequest {
    agents = List.copyOf(agents);
    workspaces = List.copyOf(workspaces);
    profiles = List.copyOf(profiles);
  }
}
