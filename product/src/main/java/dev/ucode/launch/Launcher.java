package dev.ucode.launch;

import dev.ucode.agent.Agent;
import dev.ucode.agent.AgentContext;
import dev.ucode.agent.Agents;
import dev.ucode.agent.InstalledAgents;
import dev.ucode.agent.LaunchPlan;
import dev.ucode.agent.Tracing;
import dev.ucode.config.ChangeSet;
import dev.ucode.config.ConfigFiles;
import dev.ucode.config.FileEdit;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.Pipe;
import dev.ucode.os.Processes;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.spool.Launch;
import dev.ucode.spool.Launches;
import dev.ucode.state.State;
import dev.ucode.state.StateFile;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans launches and carries them out. A warm launch asks nobody on the network: what the agent
 * needs of the workspace was found out by configure, and tokens are fetched by the agent's own
 * helper.
 */
public final class Launcher {
  private final Folders folders;
  private final Environment env;
  private final StateFile states;
  private final ConfigFiles files;
  private final InstalledAgents installed;
  private final Launches launches;
  private final InstantSource clock;
  private final String version;

  /**
   * @param version ucode's own
   */
  public Launcher(
      Folders folders,
      Environment env,
      StateFile states,
      ConfigFiles files,
      InstalledAgents installed,
      Launches launches,
      InstantSource clock,
      String version) {
    this.folders = folders;
    this.env = env;
    this.states = states;
    this.files = files;
    this.installed = installed;
    this.launches = launches;
    this.clock = clock;
    this.version = version;
  }

  /**
   * A launch and what it was planned for.
   *
   * @param tracing what the agent's settings do for tracing
   */
  public record Planned(LaunchPlan plan, WorkspaceState workspace, Tracing tracing) {}

  /**
   * The launch that was asked for. Reads only.
   *
   * @throws UserException where it is not possible
   */
  public Planned plan(AgentId id, LaunchRequest request) {
    Agent agent = Agents.find(id);
    if (agent == null) {
      throw new UserException(Problem.usage("launching '" + id + "' is not in this version", null));
    }
    WorkspaceState workspace = workspace(agent, request);
    Tracing tracing = tracing(workspace);
    AgentContext context =
        new AgentContext(
            folders,
            env,
            version,
            folders.bin().resolve("ucode"),
            installed.find(agent.product()),
            workspace.url(),
            workspace.signIn(),
            workspace.tokenInterval(),
            workspace.models(),
            request.model(),
            tracing);
    return new Planned(agent.plan(context, request.agentArgs()), workspace, tracing);
  }

  /**
   * Makes everything ready and hands the terminal over: when this returns, the launcher script
   * becomes the agent.
   *
   * @param process the launcher script's process id, which the agent will have
   * @param handover where the script reads what to become
   */
  public void start(Planned planned, long process, Path handover) {
    LaunchPlan plan = planned.plan();
    if (plan.handover() != LaunchPlan.Handover.EXEC) {
      throw new UserException(
          Problem.failure("staying beside an agent is not in this version", null));
    }
    try {
      apply(plan.files());
      String destination = destination(planned.tracing());
      if (destination != null) {
        launches.register(
            new Launch(
                process,
                Processes.startOf(process),
                plan.agent(),
                destination,
                env.workingDirectory(),
                session(plan.args()),
                clock.instant()));
      }
      LaunchFiles.collect(folders.launch(), clock.instant());
      Pipe.write(handover, ShellProgram.of(plan));
    } catch (IOException e) {
      throw new UserException(
          Problem.failure(
              "cannot prepare the launch",
              e.getMessage(),
              "check that " + folders.root() + " can be written and its disk is not full"),
          e);
    }
  }

  /** Files of this launch alone are ours and need no way back; the others are written down. */
  private void apply(ChangeSet changes) throws IOException {
    List<FileEdit> others = new ArrayList<>();
    for (FileEdit edit : changes.edits()) {
      if (edit instanceof FileEdit.Own own && own.file().startsWith(folders.launch())) {
        AtomicFiles.writeIfChanged(
            own.file(),
            own.content().getBytes(StandardCharsets.UTF_8),
            own.executable() ? AtomicFiles.PRIVATE_EXECUTABLE : AtomicFiles.PRIVATE);
      } else {
        others.add(edit);
      }
    }
    if (!others.isEmpty()) {
      files.apply(new ChangeSet(others));
    }
  }

  private WorkspaceState workspace(Agent agent, LaunchRequest request) {
    String configure = "run: ucode configure --agents " + agent.id() + " --tracing";
    State state = states.read();
    String typed = request.workspace();
    WorkspaceState workspace;
    if (typed == null) {
      workspace = state.currentWorkspace();
      if (workspace == null) {
        throw new UserException(
            Problem.failure(
                "nothing is configured yet", null, configure, "or try it first: ucode demo"));
      }
    } else {
      WorkspaceUrl url = WorkspaceUrl.parse(typed);
      if (url == null) {
        throw new UserException(
            Problem.usage(
                "--workspace: " + WorkspaceUrl.refusal(typed),
                null,
                "for example: --workspace https://acme.cloud.databricks.com"));
      }
      workspace = state.workspaces().get(url);
      if (workspace == null) {
        throw new UserException(
            Problem.failure(
                url + " is not configured",
                state.workspaces().isEmpty()
                    ? null
                    : "configured are: "
                        + String.join(
                            ", ",
                            state.workspaces().keySet().stream().map(w -> w.value()).toList()),
                "run: ucode configure --workspaces " + url + " --agents " + agent.id()));
      }
    }
    if (!workspace.agents().contains(agent.id())) {
      throw new UserException(
          Problem.failure(
              agent.product().display() + " is not configured for " + workspace.url(),
              null,
              "run: ucode configure --workspaces " + workspace.url() + " --agents " + agent.id()));
    }
    return workspace;
  }

  private static Tracing tracing(WorkspaceState workspace) {
    TraceDestination destination = workspace.destination();
    if (destination == null) {
      return Tracing.OFF;
    }
    String mlflow = workspace.tracing().mlflow();
    return switch (workspace.tracing().exporter()) {
      case NATIVE -> new Tracing.Native(destination.id());
      case MLFLOW ->
          mlflow == null
              ? Tracing.OFF
              : new Tracing.Mlflow(
                  Path.of(mlflow),
                  trackingUri(workspace.signIn()),
                  destination.experimentId(),
                  destination.warehouseId());
    };
  }

  private static String trackingUri(SignIn signIn) {
    return switch (signIn) {
      case SignIn.PatProfile pat -> "databricks://" + pat.profile();
      case SignIn.ClientCredentialsProfile client -> "databricks://" + client.profile();
      case SignIn.EnvironmentVariable variable -> "databricks";
    };
  }

  private static @Nullable String destination(Tracing tracing) {
    return switch (tracing) {
      case Tracing.Off off -> null;
      case Tracing.Native(String id) -> id;
      case Tracing.Mlflow mlflow -> Tracing.LOCAL;
    };
  }

  /** The session the agent was told to run, where it was told by its id. */
  private static @Nullable SessionId session(List<String> args) {
    int end = args.indexOf("--");
    List<String> options = end < 0 ? args : args.subList(0, end);
    int at = options.indexOf("--session-id");
    if (at >= 0 && at + 1 < options.size()) {
      return new SessionId(options.get(at + 1));
    }
    for (String word : options) {
      if (word.startsWith("--session-id=")) {
        return new SessionId(word.substring("--session-id=".length()));
      }
    }
    return null;
  }
}
