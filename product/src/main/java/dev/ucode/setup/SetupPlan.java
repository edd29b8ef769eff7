package dev.ucode.setup;

import dev.ucode.agent.Agent;
import dev.ucode.config.ChangeSet;
import dev.ucode.name.AgentId;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.state.State;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.TraceDestination;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a configuration would do, found out by reading alone. A dry run shows it.
 *
 * @param workspaces what is to be remembered of each workspace, the current one first
 * @param makeCurrent whether the first workspace becomes the current one
 * @param agents whose settings files are written, for the first workspace
 * @param installs programs to be installed first
 * @param files changes to files
 * @param trials live conversations that must succeed before anything is kept
 * @param proved what real requests have proved, one line each
 * @param notes what the person should know, in the order it was found
 * @param warnings what they should look at
 */
public record SetupPlan(
    List<WorkspaceState> workspaces,
    boolean makeCurrent,
    List<AgentId> agents,
    List<Install> installs,
    ChangeSet files,
    Map<AgentId, Agent.Trial> trials,
    List<String> proved,
    List<String> notes,
    List<String> warnings) {
  /**
   * A program to be installed.
   *
   * @param what for people, e.g. {@code mlflow[databricks]>=3.11,<3.12}
   * @param command the installer's command line
   * @param reason why it is needed
   */
  public record Install(String what, List<String> command, String reason) {
    public Install {
      command = List.copyOf(command);
    }
  }

  public SetupPlan {
    workspaces = List.copyOf(workspaces);
    agents = List.copyOf(agents);
    installs = List.copyOf(installs);
    trials = Map.copyOf(trials);
    proved = List.copyOf(proved);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
  }

  /** The first workspace. */
  public WorkspaceUrl workspace() {
    return workspaces.getFirst().url();
  }

  /** Where its traces will go; null where tracing is off. */
  public @Nullable TraceDestination destination() {
    return workspaces.getFirst().destination();
  }

  /** What the state becomes. */
  public State applied(State before) {
    State after = before;
    for (WorkspaceState workspace : workspaces) {
      after = after.with(workspace);
    }
    return makeCurrent ? after.withCurrent(workspace()) : after;
  }
}
