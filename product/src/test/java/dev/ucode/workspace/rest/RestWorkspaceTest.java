package dev.ucode.workspace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.FakeHttp;
import dev.ucode.http.HttpFailure;
import dev.ucode.http.Reply;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.Discovery;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.Warehouse;
import dev.ucode.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestWorkspaceTest {
  private static final String HOST = "https://a.test";
  private static final String ME = HOST + "/api/2.0/preview/scim/v2/Me";
  private static final String SERVICES =
      HOST + "/api/2.1/unity-catalog/model-services?parent=schemas%2Fsystem.ai&page_size=100";
  private static final String ENDPOINTS = HOST + "/api/ai-gateway/v2/endpoints?page_size=1";
  private static final String ANTHROPIC = HOST + "/ai-gateway/anthropic/v1/models";
  private static final String SEARCH = HOST + "/api/2.0/mlflow/experiments/search";
  private static final String WAREHOUSES = HOST + "/api/2.0/sql/warehouses";
  private static final String OTLP = HOST + "/api/2.0/otel/v1/traces";
  private static final String SQL = HOST + "/api/2.0/sql/statements";

  private final FakeHttp http = new FakeHttp();
  private final List<Duration> pauses = new ArrayList<>();
  private final TwoTokens tokens = new TwoTokens();
  private final Workspace workspace =
      new RestWorkspaces(http, pauses::add)
          .open(new WorkspaceUrl(HOST), new SignIn.PatProfile("p"), tokens);

  @AfterEach
  void everythingAnnouncedWasAsked() {
    assertThat(http.unused()).isEmpty();
  }

  @Test
  void knowsWhoWeAre() throws Exception {
    http.answer("GET", ME, 200, "{\"userName\":\"me@a.test\"}");
    assertThat(workspace.user(soon())).isEqualTo("me@a.test");
    assertThat(http.calls().getFirst().headers()).containsEntry("Authorization", "Bearer first");
  }

  @Test
  void aRefusedTokenIsReplacedOnce() throws Exception {
    http.answer("GET", ME, 401, "{\"error_code\":\"UNAUTHENTICATED\"}")
        .answer("GET", ME, 200, "{\"userName\":\"me\"}");
    assertThat(workspace.user(soon())).isEqualTo("me");
    assertThat(http.calls().getLast().headers()).containsEntry("Authorization", "Bearer second");
  }

  @Test
  void aTokenRefusedWith400Or403IsRecognised() throws Exception {
    http.answer("GET", ME, 400, "{\"message\":\"Invalid Token\"}")
        .answer("GET", ME, 200, "{\"userName\":\"me\"}");
    workspace.user(soon());
    http.answer("GET", ME, 403, "{\"error_code\":\"403\",\"message\":\"Invalid access token.\"}")
        .answer("GET", ME, 200, "{\"userName\":\"me\"}");
    workspace.user(soon());
    assertThat(tokens.replaced).isEqualTo(2);
  }

  @Test
  void aMissingPermissionIsNotARefusedToken() {
    http.answer(
        "GET", ME, 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"No access to it\"}");
    ApiFailure failure = failure(w -> w.user(soon()));
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.FORBIDDEN);
    assertThat(failure.errorCode()).isEqualTo("PERMISSION_DENIED");
    assertThat(failure.detail()).contains("HTTP 403", "No access to it");
    assertThat(tokens.replaced).isZero();
  }

  @Test
  void aLoginRedirectIsNotFollowedAndNotQuoted() {
    http.answer(
        "GET",
        ME,
        call ->
            new Reply(302, Map.of("location", "https://login.test/oidc?secret=abc"), new byte[0]));
    ApiFailure failure = failure(w -> w.user(soon()));
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.NOT_AN_API);
    assertThat(failure.detail()).contains("https://login.test").doesNotContain("abc");
  }

  @Test
  void aWebPageIsNotAnAnswer() {
    http.answer("GET", ME, 200, "<html>hello</html>");
    assertThat(failure(w -> w.user(soon())).kind()).isEqualTo(ApiFailure.Kind.NOT_AN_API);
  }

  @Test
  void anUnreachableWorkspaceIsNotAskedTwice() {
    http.fail("GET", ME, HttpFailure.Kind.NOT_SENT);
    assertThat(failure(w -> w.user(soon())).kind()).isEqualTo(ApiFailure.Kind.UNREACHABLE);
  }

  @Test
  void aBusyWorkspaceIsAskedAgainWhenItSays() throws Exception {
    http.answer("GET", ME, call -> new Reply(429, Map.of("retry-after", "2"), new byte[0]))
        .answer("GET", ME, 503, "{}")
        .answer("GET", ME, 200, "{\"userName\":\"me\"}");
    assertThat(workspace.user(soon())).isEqualTo("me");
    assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofMillis(500));
  }

  @Test
  void aBusyWorkspaceIsGivenUpInTheEnd() {
    for (int i = 0; i < 4; i++) {
      http.answer("GET", ME, 503, "{}");
    }
    assertThat(failure(w -> w.user(soon())).kind()).isEqualTo(ApiFailure.Kind.UNAVAILABLE);
  }

  @Test
  void experimentsAreReadToTheLastPage() throws Exception {
    http.answer(
            "POST",
            SEARCH,
            200,
            """
            {"experiments":[{"experiment_id":"1","name":"/a/x-traces","lifecycle_stage":"active",
            "tags":[{"key":"k","value":"v"}]},{"name":"no id"}],"next_page_token":"two"}\
            """)
        .answer(
            "POST",
            SEARCH,
            200,
            "{\"experiments\":[{\"experiment_id\":\"2\",\"name\":\"/b/y-traces\","
                + "\"lifecycle_stage\":\"deleted\"}]}");
    var found = workspace.experiments("traces", soon());
    assertThat(found).extracting("id").containsExactly("1", "2");
    assertThat(found.get(0).tags()).containsEntry("k", "v");
    assertThat(found.get(1).active()).isFalse();
    assertThat(body(0)).isEqualTo("{\"filter\":\"name LIKE '%traces'\",\"max_results\":1000}");
    assertThat(body(1)).contains("\"page_token\":\"two\"");
  }

  @Test
  void pagesInACircleEnd() throws Exception {
    for (int i = 0; i < 3; i++) {
      String token = i == 1 ? "b" : "a";
      http.answer(
          "POST", SEARCH, 200, "{\"experiments\":[],\"next_page_token\":\"" + token + "\"}");
    }
    assertThat(workspace.experiments("x", soon())).isEmpty();
    assertThat(http.calls()).hasSize(3);
  }

  @Test
  void pagesWithoutEndEnd() throws Exception {
    for (int i = 0; i < 100; i++) {
      http.answer("POST", SEARCH, 200, "{\"next_page_token\":\"" + i + "\"}");
    }
    assertThat(workspace.experiments("x", soon())).isEmpty();
    assertThat(http.calls()).hasSize(100);
  }

  @Test
  void warehousesWithTheirStates() throws Exception {
    http.answer(
        "GET",
        WAREHOUSES,
        200,
        """
        {"warehouses":[{"id":"w1","name":"One","state":"RUNNING"},{"id":"w2","state":"STOPPED"},
        {"name":"no id"}]}\
        """);
    assertThat(workspace.warehouses(soon()))
        .containsExactly(
            new Warehouse("w1", "One", "RUNNING"), new Warehouse("w2", "w2", "STOPPED"));
  }

  @Test
  void anEmptyExportProvesTheTable() throws Exception {
    http.answer("POST", OTLP, 200, "{}");
    workspace.proveWritable("main.traces.ucode_otel_spans", soon());
    Call call = http.calls().getFirst();
    assertThat(call.headers())
        .containsEntry("X-Databricks-UC-Table-Name", "main.traces.ucode_otel_spans")
        .containsEntry("Content-Type", "application/x-protobuf");
    var parsed =
        io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.parseFrom(call.body());
    assertThat(parsed.getResourceSpansList()).hasSize(1);
    assertThat(parsed.getResourceSpans(0).getScopeSpansList()).isEmpty();
  }

  @Test
  void aMissingTableIsNotAMissingPermission() {
    http.answer("POST", OTLP, 404, "{\"error_code\":\"NOT_FOUND\"}");
    assertThat(failure(w -> w.proveWritable("a.b.c", soon())).kind())
        .isEqualTo(ApiFailure.Kind.NOT_FOUND);
    http.answer("POST", OTLP, 403, "{\"error_code\":\"PERMISSION_DENIED\"}");
    assertThat(failure(w -> w.proveWritable("a.b.c", soon())).kind())
        .isEqualTo(ApiFailure.Kind.FORBIDDEN);
  }

  @Test
  void aReadThatGivesNoRow() throws Exception {
    http.answer("POST", SQL, 200, "{\"status\":{\"state\":\"SUCCEEDED\"}}");
    workspace.proveReadable("main.tr`aces.t", new Warehouse("w", "W", "RUNNING"), soon());
    assertThat(body(0))
        .contains("SELECT trace_id FROM `main`.`tr``aces`.`t` LIMIT 0")
        .contains("\"warehouse_id\":\"w\"");
  }

  @Test
  void aReadThatIsNotAllowed() {
    http.answer(
        "POST",
        SQL,
        200,
        """
        {"status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST",
        "message":"[INSUFFICIENT_PERMISSIONS] No SELECT on table"}}}\
        """);
    assertThat(
            failure(w -> w.proveReadable("a.b.c", new Warehouse("w", "W", "RUNNING"), soon()))
                .kind())
        .isEqualTo(ApiFailure.Kind.FORBIDDEN);
  }

  @Test
  void modelsOfUnityCatalog() throws Exception {
    http.answer(
            "GET",
            SERVICES,
            200,
            """
            {"model_services":[{"name":"model-services/system.ai.claude-opus-5"},
            {"name":"model-services/other.schema.claude-opus-9"}],"next_page_token":"n/2"}\
            """)
        .answer(
            "GET",
            SERVICES + "&page_token=n%2F2",
            200,
            "{\"model_services\":[{\"name\":\"model-services/system.ai.claude-haiku-4-5\"}]}");
    Discovery found = workspace.discover(soon());
    assertThat(found.models().claude())
        .containsExactly(
            Map.entry("opus", "system.ai.claude-opus-5"),
            Map.entry("haiku", "system.ai.claude-haiku-4-5"));
    assertThat(found.reasons()).isEmpty();
  }

  @Test
  void theOlderListingWhereTheNewerHasNoClaude() throws Exception {
    http.answer("GET", SERVICES, 200, "{\"model_services\":[]}")
        .answer(
            "GET",
            ANTHROPIC,
            200,
            "{\"data\":[{\"id\":\"databricks-claude-opus-4-8\"},{\"id\":\"x-anthropic\"}]}");
    assertThat(workspace.discover(soon()).models().claude())
        .containsExactly(Map.entry("opus", "databricks-claude-opus-4-8"));
  }

  @Test
  void noModelAnywhereSaysWhoWasAsked() throws Exception {
    http.answer(
            "GET",
            SERVICES,
            200,
            "{\"model_services\":[{\"name\":\"model-services/system.ai.gpt-5\"}]}")
        .answer("GET", ANTHROPIC, 404, "{\"error_code\":\"NOT_FOUND\"}");
    Discovery found = workspace.discover(soon());
    assertThat(found.models().claude()).isEmpty();
    assertThat(found.reasons()).hasSize(2);
    assertThat(found.reasons().getFirst()).contains("system.ai.gpt-5");
  }

  @Test
  void withoutModelServicesTheOlderGatewayServes() throws Exception {
    http.answer("GET", SERVICES, 404, "{}")
        .answer("GET", ENDPOINTS, 200, "{\"endpoints\":[]}")
        .answer("GET", ANTHROPIC, 200, "{\"data\":[{\"id\":\"databricks-claude-opus-4-8\"}]}");
    assertThat(workspace.discover(soon()).models().claude()).containsOnlyKeys("opus");
  }

  @Test
  void aForbiddenListingNamesTheGrants() {
    http.answer("GET", SERVICES, 403, "{\"error_code\":\"PERMISSION_DENIED\"}")
        .answer("GET", ENDPOINTS, 404, "{}");
    Problem problem = problem(w -> w.discover(soon()));
    assertThat(problem.what()).contains("no permission");
    assertThat(problem.fix()).singleElement().asString().contains("USE SCHEMA", "system.ai");
  }

  @Test
  void aForbiddenGatewayAndOneThatIsNotThere() {
    http.answer("GET", SERVICES, 404, "{}").answer("GET", ENDPOINTS, 403, "{}");
    assertThat(problem(w -> w.discover(soon())).what()).contains("no permission to use");
    http.answer("GET", SERVICES, 404, "{}").answer("GET", ENDPOINTS, 404, "{}");
    assertThat(problem(w -> w.discover(soon())).what()).contains("not enabled");
  }

  private String body(int call) {
    return new String(http.calls().get(call).body(), StandardCharsets.UTF_8);
  }

  private interface Use {
    void of(Workspace workspace) throws ApiFailure;
  }

  private ApiFailure failure(Use use) {
    return catchThrowableOfType(ApiFailure.class, () -> use.of(workspace));
  }

  private Problem problem(Use use) {
    return catchThrowableOfType(UserException.class, () -> use.of(workspace)).problem();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  /** Gives a first token, and a second one in its place. */
  private static final class TwoTokens implements Tokens {
    private int replaced;

    @Override
    public String get(WorkspaceUrl workspace, SignIn signIn, Deadline deadline) {
      return "first";
    }

    @Override
    public String replace(
        WorkspaceUrl workspace, SignIn signIn, String refused, Deadline deadline) {
      assertThat(refused).isEqualTo("first");
      replaced++;
      return "second";
    }
  }
}
