package dev.ucode.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.agent.Agents;
import dev.ucode.http.FakeHttp;
import dev.ucode.http.HttpFailure;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.name.AgentId;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Distribution;
import dev.ucode.os.FakeClock;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.os.FakePrograms;
import dev.ucode.os.Folders;
import dev.ucode.os.Programs;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.state.Exporter;
import dev.ucode.state.State;
import dev.ucode.state.StateFile;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.CachedTokens;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import dev.ucode.workspace.rest.RestWorkspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupTest {
  private static final String HOST = "https://a.test";
  private static final String SEARCH = HOST + "/api/2.0/mlflow/experiments/search";
  private static final String WAREHOUSES = HOST + "/api/2.0/sql/warehouses";
  private static final String OTLP = HOST + "/api/2.0/otel/v1/traces";
  private static final String SQL = HOST + "/api/2.0/sql/statements";
  private static final String DESTINATION = "mlflow.experiment.databricksTraceDestinationPath";
  private static final WorkspaceUrl A = new WorkspaceUrl(HOST);

  @TempDir Path home;
  private FakeEnvironment env;
  private Folders folders;
  private final FakeHttp http = new FakeHttp();
  private final FakePrograms programs = new FakePrograms();
  private Setup setup;

  @BeforeEach
  void create() throws IOException {
    env = new FakeEnvironment(home);
    folders = Folders.of(env);
    Files.writeString(
        home.resolve(".databrickscfg"),
        """
        [DEFAULT]
        host = https://a.test
        token = dapi-one
        [b]
        host = https://b.test
        token = dapi-two
        """);
    Path dist = home.resolve("dist");
    Files.createDirectories(dist.resolve("libexec"));
    Files.writeString(dist.resolve("libexec/hook"), "#!/bin/sh\nexit 0\n");
    var clock = new FakeClock();
    setup =
        new Setup(
            new Setup.Tools(
                env,
                folders,
                programs,
                new Distribution(dist),
                "0.1.0",
                new RestWorkspaces(http),
                new CachedTokens(env, folders, http, clock),
                CachedTokens.leavingNothing(env, folders, http, clock),
                Agents.all()));
  }

  @AfterEach
  void everythingAnnouncedWasAsked() {
    assertThat(http.unused()).isEmpty();
  }

  @Test
  void configuresClaudeWithTracing() throws IOException {
    claude(FakePrograms.says("hi"));
    workspace(HOST);
    destination();
    SetupReport report = setup.configure(request(true, "DEFAULT"), Progress.SILENT);

    State state = state();
    assertThat(state.current()).isEqualTo(A);
    WorkspaceState known = Objects.requireNonNull(state.currentWorkspace());
    assertThat(known.signIn()).isEqualTo(new SignIn.PatProfile("DEFAULT"));
    assertThat(known.user()).isEqualTo("me@a.test");
    assertThat(known.agents()).containsExactly(AgentId.CLAUDE);
    TraceDestination place = Objects.requireNonNull(known.destination());
    assertThat(place.experimentName()).isEqualTo("/Shared/ucode-traces");
    assertThat(place.spansTable()).isEqualTo("main.traces.ucode_otel_spans");
    assertThat(place.warehouseId()).isEqualTo("w2");
    assertThat(place.id()).matches("[a-z0-9]+");
    assertThat(report.tried()).containsExactly(AgentId.CLAUDE);
    assertThat(report.plan().proved()).hasSize(3);

    assertThat(settings()).contains("bin/hook claude " + place.id()).contains("claude/2.1.330");
    assertThat(settings()).doesNotContain("dapi-one");
    assertThat(mode(folders.bin().resolve("hook"))).isEqualTo("rwx------");
    assertThat(folders.bin().resolve("ucode")).content().contains("dist/bin/ucode");
    // The trial was neither traced nor kept, and said which workspace it is for.
    assertThat(programs.runs().getLast()).contains("--no-session-persistence");
    assertThat(programs.environments().getLast()).containsEntry("UCODE_WORKSPACE", HOST);
    assertThat(files().keySet()).noneMatch(name -> name.startsWith(".ucode/launch/"));
    assertThat(files()).doesNotContainKey(".claude/settings.json");
  }

  @Test
  void aDryRunChangesNothingAtAll() throws IOException {
    claude(FakePrograms.says("hi"));
    Files.writeString(
        home.resolve(".databrickscfg"),
        "[r]\nhost = https://a.test\nclient_id = i\nclient_secret = s\n");
    Map<String, String> before = files();
    http.answer(
        "POST", HOST + "/oidc/v1/token", 200, "{\"access_token\":\"t\",\"expires_in\":3600}");
    workspace(HOST);
    destination();
    SetupPlan plan = setup.plan(request(true, "r"), Progress.SILENT);
    assertThat(plan.files().edits()).hasSize(3);
    assertThat(plan.trials()).hasSize(1);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void configuringAgainChangesNoFile() throws IOException {
    configured();
    workspace(HOST);
    destination();
    SetupReport report = setup.configure(request(true, "DEFAULT"), Progress.SILENT);
    assertThat(report.changed()).isEmpty();
    assertThat(report.unchanged()).hasSize(3);
  }

  @Test
  void anotherWorkspaceInheritsNothing() throws IOException {
    configured();
    workspace("https://b.test");
    setup.configure(request(false, "b"), Progress.SILENT);
    WorkspaceState b = Objects.requireNonNull(state().currentWorkspace());
    assertThat(b.url()).isEqualTo(new WorkspaceUrl("https://b.test"));
    assertThat(b.destination()).isNull();
    assertThat(b.destinations()).isEmpty();
    assertThat(Objects.requireNonNull(state().workspaces().get(A)).destination()).isNotNull();
    assertThat(settings()).doesNotContain("hooks");
  }

  @Test
  void aTrialThatFailsChangesNothing() throws IOException {
    claude(new Programs.Outcome(1, "", "API Error: 403 no model\n"));
    workspace(HOST);
    Problem problem = problem(() -> setup.configure(request(false, "DEFAULT"), Progress.SILENT));
    assertThat(problem.why()).isEqualTo("API Error: 403 no model");
    assertThat(state()).isEqualTo(State.EMPTY);
    assertThat(folders.agents()).doesNotExist();
    assertThat(folders.bin()).doesNotExist();
  }

  @Test
  void withoutClaudeItIsConfiguredAllTheSame() throws IOException {
    workspace(HOST);
    SetupReport report = setup.configure(request(false, "DEFAULT"), Progress.SILENT);
    assertThat(report.plan().warnings())
        .containsExactly("Claude Code is not installed: npm install -g @anthropic-ai/claude-code");
  }

  @Test
  void noExperiment() {
    Problem problem = tracingProblem("{}");
    assertThat(problem.what())
        .isEqualTo("no MLflow experiment named 'ucode-traces' on https://a.test");
    assertThat(String.join("\n", problem.fix()))
        .contains("mlflow.set_experiment('/Shared/ucode-traces'", "MODIFY and SELECT");
  }

  @Test
  void lookalikesAreNamedAndNotTaken() {
    Problem problem =
        tracingProblem(experiments(experiment(1, "/Shared/team-ucode-traces", "a.b.c")));
    assertThat(problem.what()).startsWith("no MLflow experiment named");
    assertThat(problem.why()).contains("/Shared/team-ucode-traces", "exactly");
  }

  @Test
  void aClassicExperiment() {
    Problem problem = tracingProblem(experiments(experiment(123, "/Shared/ucode-traces", null)));
    assertThat(problem.what()).startsWith("no Unity Catalog-backed MLflow experiment");
    assertThat(problem.why())
        .isEqualTo(
            "experiment /Shared/ucode-traces (id 123) exists, but its traces are not stored in"
                + " Unity Catalog");
  }

  @Test
  void aDestinationOfTwoParts() {
    Problem problem =
        tracingProblem(
            experiments(
                experiment(1, "/Users/x/ucode-traces", null),
                experiment(2, "/Shared/ucode-traces", "main.traces")));
    assertThat(problem.why()).contains("'main.traces'", "not catalog.schema.prefix");
  }

  @Test
  void aDeletedExperimentIsNone() {
    Problem problem =
        tracingProblem(
            experiments(experiment(1, "/Shared/ucode-traces", "a.b.c"))
                .replace("\"active\"", "\"deleted\""));
    assertThat(problem.what()).startsWith("no MLflow experiment named");
  }

  @Test
  void ofSeveralTheSharedOneWithTheLowestIdIsTakenAndTheOthersNamed() {
    claude(FakePrograms.says("hi"));
    workspace(HOST);
    http.answer(
        "POST",
        SEARCH,
        200,
        experiments(
            experiment(7, "/Users/me/ucode-traces", "main.traces.mine"),
            experiment(100, "/Shared/a/ucode-traces", "main.traces.hundred"),
            experiment(20, "/Shared/b/ucode-traces", "main.traces.twenty"),
            experiment(3, "/Shared/ucode-traces", null)));
    warehouses();
    proofs(20, "/Shared/b/ucode-traces");
    SetupPlan plan = setup.plan(request(true, "DEFAULT"), Progress.SILENT);
    assertThat(Objects.requireNonNull(plan.destination()).experimentId()).isEqualTo("20");
    assertThat(plan.notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("/Shared/b/ucode-traces (id 20)", "id 100", "id 7", "id 3"));
  }

  @Test
  void noWarehouse() {
    assertThat(warehouseProblem(200, "{}").what()).contains("no SQL warehouse");
    assertThat(
            warehouseProblem(200, "{\"warehouses\":[{\"id\":\"w\",\"state\":\"DELETED\"}]}").why())
        .contains("none of the 1");
  }

  @Test
  void warehousesThatMayNotBeListed() {
    Problem problem = warehouseProblem(403, "{\"error_code\":\"PERMISSION_DENIED\"}");
    assertThat(problem.what()).contains("cannot list SQL warehouses", "no permission");
    assertThat(problem.fix()).singleElement().asString().contains("CAN USE");
  }

  @Test
  void aStoppedWarehouseIsNotStarted() {
    claude(FakePrograms.says("hi"));
    workspace(HOST);
    shared();
    http.answer("GET", WAREHOUSES, 200, "{\"warehouses\":[{\"id\":\"w1\",\"state\":\"STOPPED\"}]}");
    read(1, "/Shared/ucode-traces");
    http.answer("POST", OTLP, 200, "{}");
    SetupPlan plan = setup.plan(request(true, "DEFAULT"), Progress.SILENT);
    assertThat(Objects.requireNonNull(plan.destination()).warehouseId()).isEqualTo("w1");
    assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("is stopped"));
  }

  @Test
  void aTableThatIsMissingOrNotOurs() {
    assertThat(tableProblem(404).what())
        .contains("table main.traces.ucode_otel_spans", "does not exist");
    Problem denied = tableProblem(403);
    assertThat(denied.what()).contains("cannot write traces", "no permission");
    assertThat(denied.fix()).singleElement().asString().contains("MODIFY and SELECT");
  }

  @Test
  void aTableThatCannotBeReadBackIsANote() {
    claude(FakePrograms.says("hi"));
    workspace(HOST);
    shared();
    warehouses();
    read(1, "/Shared/ucode-traces");
    http.answer("POST", OTLP, 200, "{}")
        .answer("POST", SQL, 403, "{\"error_code\":\"PERMISSION_DENIED\"}");
    SetupPlan plan = setup.plan(request(true, "DEFAULT"), Progress.SILENT);
    assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("read back"));
  }

  @Test
  void anExpiredTokenSaysWhichAndAnUnreachableWorkspaceSaysSo() {
    String me = HOST + "/api/2.0/preview/scim/v2/Me";
    http.answer("GET", me, 401, "{}");
    assertThat(problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT)).what())
        .contains("refuses the token of profile 'DEFAULT'");
    http.fail("GET", me, HttpFailure.Kind.NOT_SENT);
    assertThat(problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT)).what())
        .isEqualTo("cannot reach https://a.test");
    http.answer("GET", me, 200, "<html>Sign in</html>");
    assertThat(problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT)).what())
        .contains("does not answer like a Databricks workspace");
  }

  @Test
  void aBrokenProfileFileSaysWhere() throws IOException {
    Files.writeString(home.resolve(".databrickscfg"), "[DEFAULT]\nhost\n");
    assertThat(problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT)).what())
        .contains(".databrickscfg is broken in line 2");
  }

  @Test
  void severalProfilesAndNoneNamed() {
    Problem problem = problem(() -> setup.plan(request(false), Progress.SILENT));
    assertThat(problem.what()).contains("which workspace?");
    assertThat(problem.why()).contains("DEFAULT, b");
  }

  @Test
  void theEnvironmentsHostIsTaken() {
    claude(FakePrograms.says("hi"));
    env.set("DATABRICKS_HOST", "b.test").set("DATABRICKS_TOKEN", "t");
    workspace("https://b.test");
    SetupPlan plan = setup.plan(request(false), Progress.SILENT);
    assertThat(plan.workspaces().getFirst().signIn())
        .isEqualTo(new SignIn.EnvironmentVariable("DATABRICKS_TOKEN"));
  }

  @Test
  void disablingRemovesExactlyOurs() throws IOException {
    workspace(HOST);
    claude(FakePrograms.says("hi"));
    setup.configure(request(false, "DEFAULT"), Progress.SILENT);
    String untraced = settings();
    destination();
    setup.tracing(new TracingRequest(null, false, null), Progress.SILENT);
    String id = Objects.requireNonNull(currentDestination()).id();
    assertThat(settings()).contains("claude " + id);
    setup.tracing(new TracingRequest(null, true, null), Progress.SILENT);
    assertThat(settings()).isEqualTo(untraced);
    assertThat(currentDestination()).isNull();
    // What waits still finds its way.
    assertThat(state().destination(id)).isNotNull();
  }

  @Test
  void tracingNeedsAnAgentAndAWorkspace() throws IOException {
    assertThat(
            problem(() -> setup.tracing(new TracingRequest(null, false, null), Progress.SILENT))
                .what())
        .isEqualTo("nothing is configured");
  }

  @Test
  void mlflowIsInstalledWithTheSdkThatWorks() throws IOException {
    claude(FakePrograms.says("hi"));
    uv("1.45.2", true);
    workspace(HOST);
    destination();
    SetupReport report =
        setup.configure(
            new ConfigureRequest(
                List.of(AgentId.CLAUDE),
                List.of(),
                List.of("DEFAULT"),
                true,
                Exporter.MLFLOW,
                false,
                true),
            Progress.SILENT);
    assertThat(report.plan().installs()).hasSize(1);
    assertThat(report.plan().installs().getFirst().reason()).contains("opentelemetry-sdk 1.45.2");
    assertThat(programs.runs())
        .anySatisfy(
            run ->
                assertThat(run)
                    .containsExactly(
                        "/usr/bin/uv",
                        "tool",
                        "install",
                        "--force",
                        "mlflow[databricks]>=3.11,<3.12",
                        "--with",
                        "opentelemetry-sdk<1.43"));
    Json env = Objects.requireNonNull(json(settings()).get("env"));
    assertThat(env.text("MLFLOW_TRACKING_URI")).isEqualTo("databricks://DEFAULT");
    assertThat(env.text("MLFLOW_EXPERIMENT_ID")).isEqualTo("1");
    assertThat(env.text("MLFLOW_TRACING_SQL_WAREHOUSE_ID")).isEqualTo("w2");
    assertThat(settings()).contains("autolog claude stop-hook", "bin/hook claude local");
    // A second time there is nothing to install, and native takes it all away.
    destination();
    assertThat(setup.plan(new TracingRequest(null, false, null), Progress.SILENT).installs())
        .isEmpty();
    destination();
    setup.tracing(new TracingRequest(null, false, Exporter.NATIVE), Progress.SILENT);
    assertThat(settings()).doesNotContain("MLFLOW").doesNotContain("mlflow");
  }

  @Test
  void anInstallThatDoesNotHelpIsRefusedWithTheReason() {
    claude(FakePrograms.says("hi"));
    uv("1.45.2", false);
    workspace(HOST);
    destination();
    Problem problem =
        problem(
            () ->
                setup.configure(
                    new ConfigureRequest(
                        List.of(AgentId.CLAUDE),
                        List.of(),
                        List.of("DEFAULT"),
                        true,
                        Exporter.MLFLOW,
                        false,
                        true),
                    Progress.SILENT));
    assertThat(problem.what()).contains("could not install");
    assertThat(problem.why()).contains("1.45.2");
    assertThat(state()).isEqualTo(State.EMPTY);
  }

  @Test
  void withoutUvTheMlflowExporterSaysHowToGetIt() {
    workspace(HOST);
    destination();
    Problem problem =
        problem(
            () ->
                setup.plan(
                    new ConfigureRequest(
                        List.of(AgentId.CLAUDE),
                        List.of(),
                        List.of("DEFAULT"),
                        true,
                        Exporter.MLFLOW,
                        false,
                        true),
                    Progress.SILENT));
    assertThat(problem.what()).contains("needs uv");
    assertThat(String.join(" ", problem.fix())).contains("https://docs.astral.sh/uv/");
  }

  @Test
  void aHookOfMlflowInThePersonsSettingsIsWarnedAboutAndLeftAlone() throws IOException {
    String theirs =
        """
        {"hooks":{"Stop":[{"hooks":[{"type":"command",
         "command":"/x/mlflow autolog claude stop-hook"}]}]}} // mine
        """;
    Files.createDirectories(home.resolve(".claude"));
    Files.writeString(home.resolve(".claude/settings.json"), theirs);
    configured();
    workspace(HOST);
    destination();
    SetupReport report = setup.configure(request(true, "DEFAULT"), Progress.SILENT);
    assertThat(report.plan().warnings())
        .singleElement()
        .asString()
        .contains("traced twice", "/x/mlflow autolog claude stop-hook");
    assertThat(home.resolve(".claude/settings.json")).hasContent(theirs);
  }

  @Test
  void revertLeavesNothingAndCanBeRepeated() throws IOException {
    Map<String, String> before = files();
    configured();
    var revert = new Revert(folders);
    assertThat(revert.plan(false).deleted()).isNotEmpty();
    revert.apply(false);
    assertThat(files()).isEqualTo(before);
    assertThat(folders.root()).doesNotExist();
    assertThat(revert.apply(false).plan().empty()).isTrue();
    assertThat(folders.root()).doesNotExist();
  }

  @Test
  void revertKeepsUndeliveredTracesUnlessTheyShallGo() throws IOException {
    configured();
    Files.createDirectories(folders.spool().resolve("inbox"));
    Files.writeString(folders.spool().resolve("inbox/claude.x.1.1.0.json"), "{}");
    var revert = new Revert(folders);
    RevertReport report = revert.apply(false);
    assertThat(report.plan().kept()).extracting("path").containsExactly(folders.spool());
    assertThat(folders.spool().resolve("inbox/claude.x.1.1.0.json")).exists();
    assertThat(folders.stateFile()).doesNotExist();
    revert.apply(true);
    assertThat(folders.root()).doesNotExist();
  }

  @Test
  void theTokenHelperGivesThisWorkspacesTokenOrNone() throws IOException {
    configured();
    var helper = new AuthToken(env, folders, new CachedTokens(env, folders, http, new FakeClock()));
    assertThat(helper.get(List.of("--host", HOST, "--profile", "DEFAULT"))).isEqualTo("dapi-one");
    assertThat(helper.get(List.of("--host=" + HOST))).isEqualTo("dapi-one");
    assertThat(helper.get(List.of())).isEqualTo("dapi-one");
    assertThat(helper.get(List.of("--host", "b.test", "--use-pat"))).isEqualTo("dapi-two");
    assertThat(problem(() -> helper.get(List.of("--host", HOST, "--profile", "b"))).what())
        .contains("profile 'b' is not for https://a.test");
    env.set("DATABRICKS_BEARER", "b").set("DATABRICKS_HOST", "b.test");
    assertThat(helper.get(List.of("--host", HOST, "--profile", "DEFAULT"))).isEqualTo("dapi-one");
    assertThat(helper.get(List.of("--host", "b.test", "--profile", "b"))).isEqualTo("b");
    assertThat(problem(() -> helper.get(List.of("--nonsense"))).exit().code()).isEqualTo(2);
    assertThat(problem(() -> helper.get(List.of("--host", "https://c.test"))).what())
        .contains("not signed in");
  }

  // ---- what is announced

  private void configured() throws IOException {
    claude(FakePrograms.says("hi"));
    workspace(HOST);
    destination();
    setup.configure(request(true, "DEFAULT"), Progress.SILENT);
  }

  private void claude(Programs.Outcome trial) {
    Path binary = home.resolve("claude-binary");
    try {
      Files.writeString(binary, "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    programs.put(
        "claude",
        binary,
        args ->
            args.equals(List.of("--version"))
                ? FakePrograms.says("2.1.330 (Claude Code)\n")
                : trial);
  }

  /** uv with an MLflow whose SDK is of that version until it is installed anew. */
  private void uv(String sdk, boolean installHelps) {
    Path tools = home.resolve("uv/tools");
    Path site = tools.resolve("mlflow/lib/python3.11/site-packages");
    Path bin = home.resolve("uv/bin");
    try {
      Files.createDirectories(site.resolve("mlflow-3.11.1.dist-info"));
      Files.createDirectories(site.resolve("opentelemetry_sdk-" + sdk + ".dist-info"));
      Files.createDirectories(bin);
      Files.writeString(bin.resolve("mlflow"), "");
      Files.setPosixFilePermissions(
          bin.resolve("mlflow"), PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    programs.put(
        "uv",
        Path.of("/usr/bin/uv"),
        args -> {
          if (args.equals(List.of("tool", "dir", "--bin"))) {
            return FakePrograms.says(bin + "\n");
          }
          if (args.equals(List.of("tool", "dir"))) {
            return FakePrograms.says(tools + "\n");
          }
          if (installHelps) {
            try {
              Files.move(
                  site.resolve("opentelemetry_sdk-" + sdk + ".dist-info"),
                  site.resolve("opentelemetry_sdk-1.42.1.dist-info"));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
          return FakePrograms.says("Installed 1 executable: mlflow\n");
        });
  }

  private void workspace(String host) {
    http.answer("GET", host + "/api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"me@a.test\"}")
        .answer(
            "GET",
            host + "/api/2.1/unity-catalog/model-services?parent=schemas%2Fsystem.ai&page_size=100",
            200,
            "{\"model_services\":[{\"name\":\"model-services/system.ai.claude-opus-5\"}]}");
  }

  private void destination() {
    shared();
    warehouses();
    proofs(1, "/Shared/ucode-traces");
  }

  private void shared() {
    http.answer(
        "POST",
        SEARCH,
        200,
        experiments(experiment(1, "/Shared/ucode-traces", "main.traces.ucode")));
  }

  private void warehouses() {
    http.answer(
        "GET",
        WAREHOUSES,
        200,
        "{\"warehouses\":[{\"id\":\"w1\",\"state\":\"STOPPED\"},{\"id\":\"w3\",\"state\":\"RUNNING\"},"
            + "{\"id\":\"w2\",\"state\":\"RUNNING\"}]}");
  }

  private void proofs(int id, String name) {
    read(id, name);
    http.answer("POST", OTLP, 200, "{}")
        .answer("POST", SQL, 200, "{\"status\":{\"state\":\"SUCCEEDED\"}}");
  }

  private void read(int id, String name) {
    http.answer(
        "GET",
        HOST + "/api/2.0/mlflow/experiments/get?experiment_id=" + id,
        200,
        "{\"experiment\":" + experiment(id, name, null) + "}");
  }

  private static String experiments(String... all) {
    return "{\"experiments\":[" + String.join(",", all) + "]}";
  }

  private static String experiment(int id, String name, @Nullable String path) {
    String tags =
        path == null ? "" : "{\"key\":\"" + DESTINATION + "\",\"value\":\"" + path + "\"}";
    return "{\"experiment_id\":\"%d\",\"name\":\"%s\",\"lifecycle_stage\":\"active\",\"tags\":[%s]}"
        .formatted(id, name, tags);
  }

  private Problem tracingProblem(String searchAnswer) {
    workspace(HOST);
    http.answer("POST", SEARCH, 200, searchAnswer);
    return problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT));
  }

  private Problem warehouseProblem(int status, String body) {
    workspace(HOST);
    shared();
    http.answer("GET", WAREHOUSES, status, body);
    return problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT));
  }

  private Problem tableProblem(int status) {
    workspace(HOST);
    shared();
    warehouses();
    read(1, "/Shared/ucode-traces");
    http.answer("POST", OTLP, status, "{\"error_code\":\"X\"}");
    return problem(() -> setup.plan(request(true, "DEFAULT"), Progress.SILENT));
  }

  private static ConfigureRequest request(boolean tracing, String... profiles) {
    return new ConfigureRequest(
        List.of(AgentId.CLAUDE), List.of(), List.of(profiles), tracing, null, false, false);
  }

  private interface Act {
    void run() throws IOException;
  }

  private static Problem problem(Act act) {
    return catchThrowableOfType(UserException.class, act::run).problem();
  }

  private State state() {
    return new StateFile(folders).read();
  }

  private @Nullable TraceDestination currentDestination() {
    return Objects.requireNonNull(state().currentWorkspace()).destination();
  }

  private String settings() throws IOException {
    return Files.readString(folders.agents().resolve("claude/settings.json"));
  }

  private static Json json(String text) {
    try {
      return JsonReader.parse(text);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** Every file below home but the stand-in program, with permissions and content. */
  private Map<String, String> files() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (var walk = Files.walk(home)) {
      for (Path path : walk.toList()) {
        String name = home.relativize(path).toString();
        if (!name.equals("claude-binary") && !name.isEmpty()) {
          all.put(
              name,
              mode(path)
                  + " "
                  + (Files.isDirectory(path)
                      ? ""
                      : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)));
        }
      }
    }
    return all;
  }
}
