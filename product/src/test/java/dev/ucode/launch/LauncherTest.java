package dev.ucode.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.agent.InstalledAgents;
import dev.ucode.agent.Tracing;
import dev.ucode.config.ConfigFiles;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.os.Folders;
import dev.ucode.os.Processes;
import dev.ucode.os.Programs;
import dev.ucode.problem.UserException;
import dev.ucode.spool.Launch;
import dev.ucode.spool.Launches;
import dev.ucode.state.Exporter;
import dev.ucode.state.StateFile;
import dev.ucode.state.TracingState;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  private static final WorkspaceUrl ACME = new WorkspaceUrl("https://acme.test");
  private static final WorkspaceUrl OTHER = new WorkspaceUrl("https://other.test");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path home;
  private Folders folders;
  private FakeEnvironment env;
  private StateFile states;
  private @Nullable Path binary;
  private Path pipe;

  @BeforeEach
  void aHome() throws IOException {
    folders = new Folders(home.resolve(".ucode"));
    env = new FakeEnvironment(home);
    states = new StateFile(folders);
    binary = Files.createFile(home.resolve("claude"));
    pipe = Files.createFile(home.resolve("pipe"));
  }

  @Test
  void aTracedLaunchBecomesTheAgentAndIsRegistered() throws IOException {
    configure(workspace(ACME, TracingState.OFF, true));
    start("-p", "it's", "--session-id", "s-1");
    String program = Files.readString(pipe);
    assertThat(program)
        .contains("exec '" + binary + "' '--settings' '" + folders.launch())
        .endsWith("'-p' 'it'\\''s' '--session-id' 's-1'\n");
    Launch launch = new Launches(folders.spool()).all().getFirst();
    assertThat(launch.process()).isEqualTo(Processes.own());
    assertThat(launch.processStart()).isNotNull();
    assertThat(launch.destination()).isEqualTo("d1");
    assertThat(launch.session()).isEqualTo(new SessionId("s-1"));
    assertThat(launch.at()).isEqualTo(NOW);
    Path settings = onlyLaunchFile();
    assertThat(Files.getPosixFilePermissions(settings)).isEqualTo(AtomicFiles.PRIVATE);
    assertThat(Files.readString(settings)).contains("Stop").contains("hook");
  }

  @Test
  void withoutTracingNothingIsRegisteredAndNoHookIsThere() throws IOException {
    configure(workspace(ACME, TracingState.OFF, false));
    start();
    assertThat(new Launches(folders.spool()).all()).isEmpty();
    assertThat(Files.readString(onlyLaunchFile())).doesNotContain("hooks");
  }

  @Test
  void withTheMlflowExporterOurHooksFeedTheLocalStoreAlone() throws IOException {
    TracingState mlflow = new TracingState(true, Exporter.MLFLOW, "d1", "/opt/mlflow");
    configure(workspace(ACME, mlflow, true));
    Launcher.Planned planned = launcher().plan(AgentId.CLAUDE, LaunchRequest.parse(List.of()));
    assertThat(planned.tracing())
        .isEqualTo(new Tracing.Mlflow(Path.of("/opt/mlflow"), "databricks://p", "123", "w1"));
    launcher().start(planned, Processes.own(), pipe);
    assertThat(new Launches(folders.spool()).all().getFirst().destination())
        .isEqualTo(Tracing.LOCAL);
  }

  @Test
  void planningChangesNothing() throws IOException {
    configure(workspace(ACME, TracingState.OFF, true));
    byte[] before = Files.readAllBytes(states.file());
    launcher().plan(AgentId.CLAUDE, LaunchRequest.parse(List.of("--dry-run")));
    assertThat(folders.launch()).doesNotExist();
    assertThat(folders.spool()).doesNotExist();
    assertThat(states.file()).hasBinaryContent(before);
  }

  @Test
  void anotherWorkspaceIsTakenForThisLaunchAlone() throws IOException {
    configure(workspace(OTHER, TracingState.OFF, false));
    configure(workspace(ACME, TracingState.OFF, true));
    Launcher.Planned planned =
        launcher().plan(AgentId.CLAUDE, LaunchRequest.parse(List.of("--workspace", "other.test")));
    assertThat(planned.workspace().url()).isEqualTo(OTHER);
    assertThat(planned.tracing()).isEqualTo(Tracing.OFF);
    assertThat(states.read().current()).isEqualTo(ACME);
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertProblem("nothing is configured yet", "ucode configure");
    configure(workspace(ACME, TracingState.OFF, true));
    assertProblem(
        "https://x.test is not configured", "--workspaces https://x.test", "--workspace", "x.test");
    assertProblem("http:// would send", "--workspace https://acme", "--workspace", "http://x.test");
    binary = null;
    assertProblem("not installed", "npm install -g @anthropic-ai/claude-code");
    configure(
        new WorkspaceState(
            ACME,
            new SignIn.PatProfile("p"),
            null,
            Duration.ofMinutes(15),
            Models.NONE,
            List.of(),
            TracingState.OFF,
            Map.of()));
    assertProblem("Claude Code is not configured for https://acme.test", "--agents claude");
  }

  @Test
  void filesOfOldLaunchesAreCollected() throws IOException {
    configure(workspace(ACME, TracingState.OFF, false));
    Files.createDirectories(folders.launch());
    Path old = Files.writeString(folders.launch().resolve("claude-old.json"), "{}");
    Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofDays(31))));
    Path young = Files.writeString(folders.launch().resolve("claude-young.json"), "{}");
    Files.setLastModifiedTime(young, FileTime.from(NOW.minus(Duration.ofDays(29))));
    start();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  private void start(String... words) {
    Launcher.Planned planned = launcher().plan(AgentId.CLAUDE, LaunchRequest.parse(List.of(words)));
    launcher().start(planned, Processes.own(), pipe);
  }

  private void assertProblem(String what, String fix, String... words) {
    assertThatThrownBy(() -> launcher().plan(AgentId.CLAUDE, LaunchRequest.parse(List.of(words))))
        .isInstanceOfSatisfying(
            UserException.class,
            e -> {
              assertThat(e.problem().what()).contains(what);
              assertThat(e.problem().fix() + " " + e.problem().why()).contains(fix);
            });
  }

  private Launcher launcher() {
    return new Launcher(
        folders,
        env,
        states,
        new ConfigFiles(folders),
        new InstalledAgents(new OneProgram(), env, folders, false),
        new Launches(folders.spool()),
        () -> NOW,
        "1.2.3");
  }

  private void configure(WorkspaceState workspace) throws IOException {
    states.update(state -> state.with(workspace).withCurrent(workspace.url()));
  }

  private Path onlyLaunchFile() throws IOException {
    try (var files = Files.list(folders.launch())) {
      return files.toList().getFirst();
    }
  }

  private static WorkspaceState workspace(WorkspaceUrl url, TracingState tracing, boolean traced) {
    SignIn signIn = new SignIn.PatProfile("p");
    TraceDestination destination =
        new TraceDestination(
            "d1",
            url,
            signIn,
            "123",
            "/Shared/ucode-traces",
            new UcLocation("main", "traces", "ucode"),
            "main.traces.ucode_otel_spans",
            "w1",
            null);
    TracingState on =
        tracing.enabled() || !traced
            ? tracing
            : new TracingState(true, Exporter.NATIVE, "d1", null);
    return new WorkspaceState(
        url,
        signIn,
        null,
        Duration.ofMinutes(15),
        new Models(Map.of("opus", "system.ai.claude-opus-4-8")),
        List.of(AgentId.CLAUDE),
        on,
        traced ? Map.of("d1", destination) : Map.of());
  }

  /** A machine with the agent on it, or without. */
  private final class OneProgram implements Programs {
    @Override
    public @Nullable Path find(String name) {
      assertThat(name).isEqualTo("claude");
      return binary;
    }

    @Override
    public Outcome run(
        List<String> command, Map<String, String> environment, Path folder, Duration patience) {
      assertThat(command).containsExactly(String.valueOf(binary), "--version");
      return new Outcome(0, "2.1.330 (Claude Code)\n", "");
    }
  }
}
