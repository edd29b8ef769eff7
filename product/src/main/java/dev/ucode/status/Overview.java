package dev.ucode.status;

import dev.ucode.agent.Agent;
import dev.ucode.agent.Agents;
import dev.ucode.check.Check;
import dev.ucode.name.AgentId;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.Programs;
import dev.ucode.spool.Inbox;
import dev.ucode.spool.Lease;
import dev.ucode.state.Exporter;
import dev.ucode.state.State;
import dev.ucode.state.StateFile;
import dev.ucode.state.WorkspaceState;
import dev.ucode.store.Counter;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.SessionState;
import dev.ucode.store.StoreFailure;
import dev.ucode.store.Views;
import dev.ucode.workspace.TraceDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out the state of this installation, from its own files alone. */
public final class Overview {
  private final Folders folders;
  private final Environment env;
  private final StateFile states;
  private final Programs programs;
  private final Supplier<@Nullable Views> views;
  private final InstantSource clock;
  private final String version;

  /**
   * @param views what the store shows; null where there is no store yet
   * @param version ucode's own
   */
  public Overview(
      Folders folders,
      Environment env,
      StateFile states,
      Programs programs,
      Supplier<@Nullable Views> views,
      InstantSource clock,
      String version) {
    this.folders = folders;
    this.env = env;
    this.states = states;
    this.programs = programs;
    this.views = views;
    this.clock = clock;
    this.version = version;
  }

  /** Looks. */
  public StatusReport look() {
    State state = states.read();
    WorkspaceState workspace = state.currentWorkspace();
    List<Check> checks = new ArrayList<>();
    List<StatusReport.AgentStatus> agents = new ArrayList<>();
    if (workspace != null) {
      for (AgentId id : workspace.agents()) {
        agents.add(agent(id, checks));
      }
      helpers(workspace, checks);
    }
    List<DeliveryFigures> deliveries = new ArrayList<>();
    List<Counter> odd = new ArrayList<>();
    List<Views.Quarantined> quarantined = new ArrayList<>();
    try {
      Views shown = views.get();
      if (shown != null) {
        deliveries.addAll(shown.deliveries());
        odd.addAll(shown.counters());
        quarantined.addAll(shown.quarantined());
        shown.troubled().forEach(session -> checks.add(trouble(session)));
      }
    } catch (StoreFailure e) {
      checks.add(new Check.Fail("store", e.problem().what(), e.problem().fix()));
    }
    String current = current(workspace);
    deliveries.sort(Comparator.comparing(figures -> !figures.destination().equals(current)));
    Events events = events(checks);
    return new StatusReport(
        version,
        folders.root(),
        clock.instant(),
        workspace,
        Math.max(0, state.workspaces().size() - (workspace == null ? 0 : 1)),
        workspace == null ? null : new SignInCheck(env).look(workspace),
        agents,
        deliveries,
        events.waiting(),
        events.oldest(),
        events.workerRuns(),
        odd,
        quarantined,
        checks);
  }

  private StatusReport.AgentStatus agent(AgentId id, List<Check> checks) {
    Agent agent = Agents.find(id);
    if (agent == null) {
      checks.add(new Check.Warn(id.value(), "this version does not know this agent", List.of()));
      return new StatusReport.AgentStatus(id, id.value(), null);
    }
    return new StatusReport.AgentStatus(
        id, agent.product().display(), programs.find(agent.product().binary()));
  }

  /** The entry points that agents' settings name. */
  private void helpers(WorkspaceState workspace, List<Check> checks) {
    List<String> needed = new ArrayList<>();
    if (!workspace.agents().isEmpty()) {
      needed.add("ucode");
    }
    if (workspace.destination() != null && workspace.tracing().exporter() == Exporter.NATIVE) {
      needed.add("hook");
    }
    for (String name : needed) {
      if (!Files.isExecutable(folders.bin().resolve(name))) {
        checks.add(
            new Check.Fail(
                folders.bin().resolve(name).toString(),
                "is missing, and agents need it",
                List.of("run: ucode configure")));
      }
    }
  }

  private static Check trouble(SessionState session) {
    return new Check.Warn(
        session.agent() + " session " + session.session(),
        "cannot be read: " + session.trouble(),
        List.of("it is tried again; see that " + session.transcript() + " can be read"));
  }

  private record Events(int waiting, @Nullable Instant oldest, boolean workerRuns) {}

  private Events events(List<Check> checks) {
    try {
      if (!Files.isDirectory(folders.spool())) {
        return new Events(0, null, false);
      }
      Inbox.Waiting waiting = new Inbox(folders.spool(), clock).waiting();
      return new Events(waiting.events(), waiting.oldest(), Lease.isHeld(folders.spool()));
    } catch (IOException e) {
      checks.add(
          new Check.Fail(
              "inbox",
              folders.spool() + " cannot be used: " + e.getMessage(),
              List.of("check its permissions and the disk")));
      return new Events(0, null, false);
    }
  }

  private static String current(@Nullable WorkspaceState workspace) {
    TraceDestination destination = workspace == null ? null : workspace.destination();
    return destination == null ? "" : destination.id();
  }
}
