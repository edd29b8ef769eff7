package dev.ucode.setup;

import dev.ucode.agent.Agent;
import dev.ucode.agent.AgentContext;
import dev.ucode.agent.InstalledAgents;
import dev.ucode.agent.Traceable;
import dev.ucode.config.ChangeSet;
import dev.ucode.config.ConfigFiles;
import dev.ucode.config.FileEdit;
import dev.ucode.http.Deadline;
import dev.ucode.http.HttpFailure;
import dev.ucode.name.AgentId;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Distribution;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.OsLock;
import dev.ucode.os.Programs;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.state.Exporter;
import dev.ucode.state.State;
import dev.ucode.state.StateFile;
import dev.ucode.state.TracingState;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.CachedTokens;
import dev.ucode.workspace.Discovery;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import dev.ucode.workspace.Workspace;
import dev.ucode.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code configure} and {@code configure tracing}. Everything is found out and proved first, as a
 * plan; then files are written, and the state last, so that a run that was cut off can be repeated.
 */
public final class Setup {
  private static final Duration ONE_WORKSPACE = Duration.ofMinutes(2);
  private static final Duration TRIAL = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PROMPT = "say hi in 5 words or less";

  private final Tools tools;
  private final StateFile stateFile;
  private final ConfigFiles files;

  /**
   * What a set-up works with.
   *
   * @param distribution where this program runs from; null where it was started without its
   *     launcher, and then nothing can be configured
   * @param version ucode's own
   * @param dryTokens tokens that leave no file behind
   * @param agents all there are
   */
  public record Tools(
      Environment environment,
      Folders folders,
      Programs programs,
      @Nullable Distribution distribution,
      String version,
      Workspaces workspaces,
      CachedTokens tokens,
      CachedTokens dryTokens,
      List<Agent> agents) {
    public Tools {
      agents = List.copyOf(agents);
    }
  }

  public Setup(Tools tools) {
    this.tools = tools;
    this.stateFile = new StateFile(tools.folders());
    this.files = new ConfigFiles(tools.folders());
  }

  /** What {@code configure} would do. Asks the workspace, changes nothing at all anywhere. */
  public SetupPlan plan(ConfigureRequest request, Progress progress) {
    return plan(request, true, progress);
  }

  /** What {@code configure tracing} would do. Asks the workspace, changes nothing anywhere. */
  public SetupPlan plan(TracingRequest request, Progress progress) {
    return plan(request, true, progress);
  }

  /**
   * Configures.
   *
   * @throws IOException where a file cannot be written
   */
  public SetupReport configure(ConfigureRequest request, Progress progress) throws IOException {
    try (OsLock _ = alone()) {
      return apply(plan(request, false, progress), progress);
    }
  }

  /**
   * Turns tracing on or off.
   *
   * @throws IOException where a file cannot be written
   */
  public SetupReport tracing(TracingRequest request, Progress progress) throws IOException {
    try (OsLock _ = alone()) {
      return apply(plan(request, false, progress), progress);
    }
  }

  private OsLock alone() throws IOException {
    OsLock lock = OsLock.acquireWithin(lockFile(tools.folders()), PATIENCE);
    if (lock == null) {
      throw new UserException(
          Problem.failure(
              "another ucode is being configured right now", null, "try again when it is done"));
    }
    return lock;
  }

  static Path lockFile(Folders folders) {
    return folders.root().resolve("setup.lock");
  }

  private SetupPlan plan(ConfigureRequest request, boolean dry, Progress progress) {
    State before = stateFile.read();
    List<WorkspaceChoice.Chosen> chosen =
        new WorkspaceChoice(tools.environment())
            .choose(request.workspaces(), request.profiles(), before);
    Draft draft = new Draft(dry);
    List<Agent> agents = agents(request.agents(), draft);
    List<WorkspaceState> workspaces = new ArrayList<>();
    List<Agent> configured = List.of();
    for (WorkspaceChoice.Chosen one : chosen) {
      draft.notes.addAll(one.notes());
      WorkspaceState known = before.workspaces().get(one.url());
      Deadline deadline = Deadline.in(ONE_WORKSPACE);
      CachedTokens tokens = tokens(one, dry);
      Workspace workspace = tools.workspaces().open(one.url(), one.signIn(), tokens);
      progress.step("signing in to " + one.url());
      String user = user(workspace, deadline);
      progress.step("asking the AI gateway for its models");
      Discovery discovery = discover(workspace, deadline);
      List<Agent> served = served(agents, discovery, one.url(), request.skipUnavailable(), draft);
      Set<AgentId> ids = new LinkedHashSet<>(known == null ? List.of() : known.agents());
      served.forEach(agent -> ids.add(agent.id()));
      WorkspaceState next =
          new WorkspaceState(
              one.url(),
              one.signIn(),
              user,
              interval(tokens, one, deadline),
              discovery.models(),
              List.copyOf(ids),
              known == null ? TracingState.OFF : known.tracing(),
              known == null ? Map.of() : known.destinations());
      if (request.tracing()) {
        next =
            traced(
                next,
                workspace,
                request.exporter(),
                deadline,
                "ucode configure --tracing",
                draft,
                progress);
      }
      if (workspaces.isEmpty()) {
        configured = served;
      }
      workspaces.add(next);
    }
    if (workspaces.size() > 1) {
      draft.notes.add(
          "settings files are for "
              + workspaces.getFirst().url()
              + ", the current workspace; the others are used with --workspace");
    }
    return draft.plan(workspaces, true, configured, !request.skipValidate());
  }

  private SetupPlan plan(TracingRequest request, boolean dry, Progress progress) {
    State before = stateFile.read();
    WorkspaceUrl url =
        request.workspace() == null ? before.current() : WorkspaceChoice.parse(request.workspace());
    WorkspaceState known = url == null ? null : before.workspaces().get(url);
    if (known == null) {
      throw new UserException(
          Problem.failure(
              url == null ? "nothing is configured" : url + " is not configured",
              null,
              "run: ucode configure --agents claude --tracing"
                  + (url == null ? "" : " --workspaces " + url)));
    }
    List<Agent> traceable =
        tools.agents().stream()
            .filter(a -> a instanceof Traceable && known.agents().contains(a.id()))
            .toList();
    Draft draft = new Draft(dry);
    WorkspaceState next;
    if (request.disable()) {
      if (!known.tracing().enabled()) {
        draft.notes.add("tracing was not on for " + known.url());
      }
      TracingState old = known.tracing();
      next =
          known.withTracing(
              new TracingState(false, old.exporter(), old.destination(), old.mlflow()));
    } else {
      if (traceable.isEmpty()) {
        throw new UserException(
            Problem.failure(
                "no agent that can be traced is configured for " + known.url(),
                null,
                "run: ucode configure --agents claude --tracing --workspaces " + known.url()));
      }
      WorkspaceChoice.Chosen chosen =
          new WorkspaceChoice.Chosen(
              known.url(), known.signIn(), request.workspace() != null, List.of());
      Deadline deadline = Deadline.in(ONE_WORKSPACE);
      Workspace workspace =
          tools.workspaces().open(known.url(), known.signIn(), tokens(chosen, dry));
      next =
          traced(
              known,
              workspace,
              request.exporter(),
              deadline,
              "ucode configure tracing",
              draft,
              progress);
    }
    // The named settings files are the current workspace's; the others' are made by each launch.
    boolean current = known.url().equals(before.current());
    return draft.plan(List.of(next), false, current ? traceable : List.of(), false);
  }

  private CachedTokens tokens(WorkspaceChoice.Chosen chosen, boolean dry) {
    CachedTokens tokens = dry ? tools.dryTokens() : tools.tokens();
    return chosen.named() ? tokens.named(chosen.url()) : tokens;
  }

  private List<Agent> agents(List<AgentId> wanted, Draft draft) {
    List<Agent> agents = new ArrayList<>();
    for (AgentId id : new LinkedHashSet<>(wanted)) {
      agents.add(
          tools.agents().stream()
              .filter(agent -> agent.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UserException(
                          Problem.usage(
                              "agent '" + id + "' is not in this version",
                              null,
                              "use one of: "
                                  + String.join(
                                      ", ",
                                      tools.agents().stream()
                                          .map(a -> a.id().value())
                                          .toList())))));
    }
    if (!agents.isEmpty()) {
      return agents;
    }
    List<Agent> installed =
        tools.agents().stream()
            .filter(agent -> tools.programs().find(agent.product().binary()) != null)
            .toList();
    if (installed.isEmpty()) {
      draft.notes.add("no agent is installed yet: all that ucode knows are configured");
      return tools.agents();
    }
    return installed;
  }

  private static String user(Workspace workspace, Deadline deadline) {
    try {
      return workspace.user(deadline);
    } catch (ApiFailure e) {
      throw Faults.of(
          e,
          workspace.url(),
          "cannot find out who you are",
          "ask an admin for the entitlement 'Workspace access'");
    }
  }

  private static Discovery discover(Workspace workspace, Deadline deadline) {
    try {
      return workspace.discover(deadline);
    } catch (ApiFailure e) {
      throw Faults.of(
          e,
          workspace.url(),
          "cannot ask the AI gateway for its models",
          "ask an admin for permission to use the AI gateway");
    }
  }

  private static Duration interval(
      CachedTokens tokens, WorkspaceChoice.Chosen chosen, Deadline deadline) {
    try {
      return tokens.interval(chosen.url(), chosen.signIn(), deadline);
    } catch (HttpFailure e) {
      throw Faults.of(
          new ApiFailure(ApiFailure.Kind.UNREACHABLE, 0, null, String.valueOf(e.getMessage())),
          chosen.url(),
          "cannot sign in",
          "try again");
    }
  }

  private static List<Agent> served(
      List<Agent> agents,
      Discovery discovery,
      WorkspaceUrl workspace,
      boolean skipUnavailable,
      Draft draft) {
    List<Agent> served =
        agents.stream().filter(agent -> agent.servedBy(discovery.models())).toList();
    List<String> missing =
        agents.stream()
            .filter(agent -> !served.contains(agent))
            .map(agent -> agent.product().display())
            .toList();
    String why = discovery.reasons().isEmpty() ? null : String.join("; ", discovery.reasons());
    if (served.isEmpty()) {
      throw new UserException(
          Problem.failure(
              workspace + " has no model for " + String.join(", ", missing),
              why,
              "ask an admin to add the models to the AI gateway"));
    }
    if (!missing.isEmpty()) {
      if (!skipUnavailable) {
        throw new UserException(
            Problem.failure(
                workspace + " has no model for " + String.join(", ", missing),
                why,
                "leave them out, or add --skip-unavailable"));
      }
      draft.warnings.add("left out, for want of a model: " + String.join(", ", missing));
    }
    return served;
  }

  private WorkspaceState traced(
      WorkspaceState known,
      Workspace workspace,
      @Nullable Exporter wanted,
      Deadline deadline,
      String again,
      Draft draft,
      Progress progress) {
    DestinationSearch.Found found =
        new DestinationSearch(workspace, deadline, again)
            .find(known.signIn(), known.user(), progress);
    draft.proved.addAll(found.proved());
    draft.notes.addAll(found.notes());
    Exporter exporter = wanted != null ? wanted : known.tracing().exporter();
    String mlflow = null;
    if (exporter == Exporter.MLFLOW) {
      progress.step("looking for the MLflow command line");
      MlflowTool.Plan tool =
          new MlflowTool(tools.programs(), tools.environment().workingDirectory()).plan();
      mlflow = tool.command().toString();
      if (tool.install() != null && !draft.installs.contains(tool.install())) {
        draft.installs.add(tool.install());
      }
    }
    if (known.signIn() instanceof SignIn.EnvironmentVariable(String name)) {
      draft.warnings.add(
          "signed in by "
              + name
              + ": traces of sessions wait wherever it is not set; a profile in ~/.databrickscfg"
              + " works always");
    }
    TraceDestination destination = found.destination();
    Map<String, TraceDestination> destinations = new LinkedHashMap<>(known.destinations());
    destinations.put(destination.id(), destination);
    return new WorkspaceState(
        known.url(),
        known.signIn(),
        known.user(),
        known.tokenInterval(),
        known.models(),
        known.agents(),
        new TracingState(true, exporter, destination.id(), mlflow),
        destinations);
  }

  /** A plan in the making. */
  private final class Draft {
    private final boolean dry;
    private final List<SetupPlan.Install> installs = new ArrayList<>();
    private final List<String> proved = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Draft(boolean dry) {
      this.dry = dry;
    }

    SetupPlan plan(
        List<WorkspaceState> workspaces, boolean makeCurrent, List<Agent> agents, boolean trials) {
      Distribution distribution = tools.distribution();
      if (distribution == null) {
        throw new IllegalStateException("-Ducode.home is not set: start ucode by its launcher");
      }
      ChangeSet changes = agents.isEmpty() ? ChangeSet.NONE : entryPoints(distribution);
      Map<AgentId, Agent.Trial> trial = new LinkedHashMap<>();
      InstalledAgents installed =
          new InstalledAgents(tools.programs(), tools.environment(), tools.folders(), !dry);
      for (Agent agent : agents) {
        AgentContext context =
            AgentContext.of(
                workspaces.getFirst(),
                tools.folders(),
                tools.environment(),
                tools.version(),
                installed.find(agent.product()));
        changes = changes.and(agent.configure(context));
        if (workspaces.getFirst().destination() != null) {
          warnings.addAll(agent.warnings(context));
        }
        if (context.installed() == null) {
          warnings.add(
              agent.product().display()
                  + " is not installed: npm install -g "
                  + agent.product().npmPackage());
        } else if (trials) {
          trial.put(agent.id(), agent.trial(context.withUcode(launcher(distribution)), PROMPT));
        }
      }
      return new SetupPlan(
          workspaces,
          makeCurrent,
          agents.stream().map(Agent::id).toList(),
          installs,
          changes,
          trial,
          proved,
          notes,
          warnings);
    }

    private ChangeSet entryPoints(Distribution distribution) {
      try {
        Path bin = tools.folders().bin();
        return ChangeSet.of(
            new FileEdit.Own(bin.resolve("ucode"), distribution.entryScript(tools.folders()), true),
            new FileEdit.Own(
                bin.resolve("hook"),
                new String(distribution.hookScript(), StandardCharsets.UTF_8),
                true));
      } catch (IOException e) {
        throw incomplete(distribution, e);
      }
    }

    private Path launcher(Distribution distribution) {
      try {
        return distribution.launcher();
      } catch (IOException e) {
        throw incomplete(distribution, e);
      }
    }

    private UserException incomplete(Distribution distribution, IOException e) {
      return new UserException(
          Problem.failure(
              "ucode's own folder " + distribution.home() + " is not complete",
              e.getMessage(),
              "install ucode again"),
          e);
    }
  }

  private SetupReport apply(SetupPlan plan, Progress progress) throws IOException {
    MlflowTool mlflow = new MlflowTool(tools.programs(), tools.environment().workingDirectory());
    for (SetupPlan.Install install : plan.installs()) {
      progress.step("installing " + install.what() + " (" + install.reason() + ")");
      mlflow.install(install);
    }
    List<AgentId> tried = new ArrayList<>();
    for (Map.Entry<AgentId, Agent.Trial> trial : plan.trials().entrySet()) {
      progress.step("talking to " + trial.getKey() + " through the gateway");
      attempt(trial.getKey(), trial.getValue());
      tried.add(trial.getKey());
    }
    progress.step("writing settings");
    ConfigFiles.Applied applied = files.apply(plan.files());
    stateFile.update(plan::applied);
    return new SetupReport(plan, applied.changed(), applied.unchanged(), tried);
  }

  private void attempt(AgentId agent, Agent.Trial trial) throws IOException {
    List<Path> made = new ArrayList<>();
    for (FileEdit edit : trial.files().edits()) {
      if (edit instanceof FileEdit.Own own) {
        AtomicFiles.write(
            own.file(), own.content().getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        made.add(own.file());
      }
    }
    try {
      Programs.Outcome outcome =
          tools
              .programs()
              .run(
                  trial.command(),
                  trial.environment(),
                  tools.environment().workingDirectory(),
                  TRIAL);
      if (outcome.exit() != 0) {
        throw new UserException(
            Problem.failure(
                agent + " does not work with these settings; nothing was changed",
                why(outcome),
                "correct that and run the command again, or add --skip-validate"));
      }
    } finally {
      for (Path file : made) {
        AtomicFiles.delete(file);
      }
    }
  }

  private static String why(Programs.Outcome outcome) {
    if (outcome.timedOut()) {
      return "no answer within a minute";
    }
    List<String> said = new ArrayList<>();
    for (String text : List.of(outcome.out(), outcome.err())) {
      text.strip().lines().filter(line -> !line.isBlank()).limit(2).forEach(said::add);
    }
    return said.isEmpty() ? "it ended with exit code " + outcome.exit() : String.join(" / ", said);
  }
}
