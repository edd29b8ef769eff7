package dev.ucode.state;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.TraceDestination;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything ucode remembers.
 *
 * @param current the workspace of a launch that names none
 */
public record State(@Nullable WorkspaceUrl current, Map<WorkspaceUrl, WorkspaceState> workspaces) {
  /** Nothing configured. */
  public static final State EMPTY = new State(null, Map.of());

  public State {
    workspaces = Collections.unmodifiableMap(new LinkedHashMap<>(workspaces));
  }

  /** The workspace of a launch that names none; null where there is none. */
  public @Nullable WorkspaceState currentWorkspace() {
    return current == null ? null : workspaces.get(current);
  }

  /** The destination of that id, whichever workspace it belongs to; null where it is unknown. */
  public @Nullable TraceDestination destination(String id) {
    for (WorkspaceState workspace : workspaces.values()) {
      TraceDestination found = workspace.destinations().get(id);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** With that workspace's entry added or replaced. */
  public State with(WorkspaceState workspace) {
    Map<WorkspaceUrl, WorkspaceState> changed = new LinkedHashMap<>(workspaces);
    changed.put(workspace.url(), workspace);
    return new State(current, changed);
  }

  /** With another current workspace. */
  public State withCurrent(@Nullable WorkspaceUrl workspace) {
    return new State(workspace, workspaces);
  }
}
