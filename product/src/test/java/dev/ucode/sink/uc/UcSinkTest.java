package dev.ucode.sink.uc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.HttpFailure;
import dev.ucode.http.Reply;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.name.AgentId;
import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.sink.SendResult;
import dev.ucode.sink.SpanContext;
import dev.ucode.sink.TraceSink.Presence;
import dev.ucode.trace.SampleTraces;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.TraceDestination;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UcSinkTest {
  private static final WorkspaceUrl WORKSPACE =
      Objects.requireNonNull(WorkspaceUrl.parse("https://acme.test"));
  private static final SpanContext CONTEXT =
      new SpanContext(AgentId.CLAUDE, "2.1.330", SampleTraces.SESSION, "dev@acme.test");

  private final Script http = new Script();
  private final Keys tokens = new Keys();
  private final Trace trace = SampleTraces.turn("f5b6", 3);
  private final UcSink sink = new UcSink(destination("wh1"), http, tokens, "0.1.0");

  @Test
  void spansGoToTheTableNamedInTheHeader() throws Exception {
    http.answers(200, "");
    assertThat(sendSpans()).isEqualTo(SendResult.DELIVERED);
    Call call = http.sent.getFirst();
    assertThat(call.method() + " " + call.uri())
        .isEqualTo("POST https://acme.test/api/2.0/otel/v1/traces");
    assertThat(call.headers())
        .containsEntry("X-Databricks-UC-Table-Name", "main.traces.ucode_otel_spans")
        .containsEntry("Content-Type", "application/x-protobuf")
        .containsEntry("Authorization", "Bearer key-1");
    var request = ExportTraceServiceRequest.parseFrom(call.body()).getResourceSpans(0);
    assertThat(request.getResource().getAttributes(0).getValue().getStringValue())
        .isEqualTo("claude-code");
    var spans = request.getScopeSpans(0).getSpansList();
    assertThat(spans).hasSize(5);
    assertThat(spans.getFirst().getAttributesList())
        .anyMatch(
            a ->
                a.getKey().equals("mlflow.traceRequestId")
                    && a.getValue()
                        .getStringValue()
                        .equals("trace:/main.traces.ucode/" + trace.id()))
        .anyMatch(
            a ->
                a.getKey().equals("mlflow.experimentId")
                    && a.getValue().getStringValue().equals("123"));
  }

  @Test
  void whatIsReadyHasNotLeftYetAndKnowsItsLength() {
    var shipment = sink.spans(trace.id(), trace.spans(), CONTEXT);
    assertThat(http.sent).isEmpty();
    http.answers(200, "");
    shipment.send(soon());
    assertThat(shipment.bytes()).isEqualTo(http.sent.getFirst().body().length);
  }

  @ParameterizedTest
  @CsvSource({
    "400, Rejected",
    "413, Rejected",
    "422, Rejected",
    "409, Rejected",
    "403, Blocked",
    "404, Blocked",
    "501, Blocked",
    "408, Unknown",
    "500, Unknown",
    "502, Unknown",
    "503, Unknown",
    "429, NotTaken",
    "302, Blocked"
  })
  void aStatusSaysWhatIsKnown(int status, String kind) {
    http.answers(status, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"m\"}");
    assertThat(sendSpans().getClass().getSimpleName()).isEqualTo(kind);
    assertThat(http.sent).hasSize(1);
  }

  @Test
  void retryAfterIsPassedOn() {
    http.answers.add(new Reply(429, Map.of("retry-after", "17"), new byte[0]));
    assertThat(sendSpans())
        .isInstanceOfSatisfying(
            SendResult.NotTaken.class,
            r -> assertThat(r.after()).isEqualTo(Duration.ofSeconds(17)));
  }

  @Test
  void aRefusedTokenIsReplacedOnce() {
    http.answers(401, "");
    http.answers(200, "");
    assertThat(sendSpans()).isEqualTo(SendResult.DELIVERED);
    assertThat(http.bearers()).containsExactly("key-1", "key-2");
  }

  @Test
  void aFrontDoorThatCannotReadTheTokenSays403() {
    http.answers(403, "{\"error_code\":\"403\",\"message\":\"Invalid access token.\"}");
    http.answers(200, "");
    assertThat(sendSpans()).isEqualTo(SendResult.DELIVERED);
    assertThat(http.bearers()).containsExactly("key-1", "key-2");
  }

  @Test
  void aTokenRefusedTwiceWaitsForThePerson() {
    http.answers(401, "");
    http.answers(401, "");
    assertThat(sendSpans())
        .isInstanceOfSatisfying(
            SendResult.Blocked.class,
            r -> assertThat(r.why()).contains("ucode configure").doesNotContain("key-"));
    assertThat(http.sent).hasSize(2);
  }

  @Test
  void withoutASignInNothingIsSent() {
    tokens.problem =
        Problem.failure("not signed in to https://acme.test", null, "run: ucode configure");
    assertThat(sendSpans())
        .isEqualTo(
            new SendResult.Blocked("not signed in to https://acme.test; run: ucode configure"));
    assertThat(http.sent).isEmpty();
  }

  @Test
  void anUnreachableTokenEndpointIsTriedAgain() {
    tokens.failure =
        new HttpFailure(HttpFailure.Kind.UNKNOWN_OUTCOME, "no answer", new IOException());
    assertThat(sendSpans()).isInstanceOf(SendResult.NotTaken.class);
  }

  @ParameterizedTest
  @CsvSource({"NOT_SENT, NotTaken", "UNKNOWN_OUTCOME, Unknown"})
  void withoutAnAnswerItDependsOnWhatLeft(HttpFailure.Kind kind, String result) {
    http.failure = new HttpFailure(kind, "broke", new IOException());
    assertThat(sendSpans().getClass().getSimpleName()).isEqualTo(result);
  }

  @Test
  void aSignInPageIsNotDelivery() {
    http.answers.add(
        new Reply(
            200,
            Map.of("content-type", "text/html; charset=utf-8"),
            "<html>".getBytes(StandardCharsets.UTF_8)));
    assertThat(sendSpans()).isInstanceOf(SendResult.Blocked.class);
  }

  @ParameterizedTest
  @CsvSource({"0, Delivered", "2, Unknown", "5, Rejected"})
  void aPartialSuccessNamesACountAndNotTheSpans(int rejected, String result) {
    http.answers.add(
        new Reply(
            200,
            Map.of(),
            ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(
                    ExportTracePartialSuccess.newBuilder()
                        .setRejectedSpans(rejected)
                        .setErrorMessage("schema"))
                .build()
                .toByteArray()));
    assertThat(sendSpans().getClass().getSimpleName()).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|Delivered",
        "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"x\"}}|Unknown",
        "{\"partialSuccess\":{\"rejectedSpans\":5}}|Rejected",
        "{\"partialSuccess\":{}}|Delivered",
        "{\"partialSuccess\":{\"rejectedSpans\":\"many\"}}|Unknown",
        "{\"cut|Unknown",
        "OK|Unknown"
      })
  void theAnswerMayBeJson(String body, String result) {
    http.answers(200, body);
    assertThat(sendSpans().getClass().getSimpleName()).isEqualTo(result);
  }

  @Test
  void infoIsWhatMlflowsClientsWrite() throws Exception {
    http.answers(200, "{}");
    assertThat(sink.info(trace).send(soon())).isEqualTo(SendResult.DELIVERED);
    Call call = http.sent.getFirst();
    assertThat(call.method() + " " + call.uri())
        .isEqualTo(
            "POST https://acme.test/api/4.0/mlflow/traces/main.traces.ucode/"
                + trace.id()
                + "/info");
    Json body = JsonReader.parse(call.body());
    assertThat(body.text("trace_id")).isEqualTo(trace.id().hex());
    assertThat(body.text("client_request_id")).isEqualTo(SampleTraces.SESSION + ":f5b6");
    assertThat(body.text("request_time")).isEqualTo("2026-11-22T20:12:59.213Z");
    assertThat(body.text("execution_duration")).isEqualTo("1.203s");
    assertThat(body.text("state")).isEqualTo("OK");
    assertThat(body.text("request_preview")).isEqualTo("do it");
    assertThat(body.text("response_preview")).isEqualTo("done");
    assertThat(body.at("trace_location", "uc_table_prefix", "spans_table_name"))
        .isEqualTo(Json.of("main.traces.ucode_otel_spans"));
    Json metadata = Objects.requireNonNull(body.get("trace_metadata"));
    assertThat(metadata.text("mlflow.trace_schema.version")).isEqualTo("4");
    assertThat(metadata.text("mlflow.trace.session")).isEqualTo(SampleTraces.SESSION.value());
    assertThat(metadata.text("mlflow.trace.user")).isEqualTo("dev@acme.test");
    assertThat(metadata.text("mlflow.trace.working_directory")).isEqualTo("/home/dev/w");
    assertThat(metadata.text("mlflow.trace.tokenUsage"))
        .isEqualTo(
            "{\"input_tokens\":12,\"output_tokens\":34,\"total_tokens\":46,"
                + "\"cache_read_input_tokens\":500,\"cache_creation_input_tokens\":60}");
    assertThat(body.at("tags", "mlflow.traceName")).isEqualTo(Json.of("claude_code_conversation"));
  }

  @Test
  void longTextsAreCutButNotInsideACharacter() {
    assertThat(TraceInfo.cut("abc", 3)).isEqualTo("abc");
    assertThat(TraceInfo.cut("abcd", 3)).isEqualTo("abc");
    assertThat(TraceInfo.cut("ab😀d", 3)).isEqualTo("ab");
    assertThat(TraceInfo.cut("a😀d", 3)).isEqualTo("a😀");
  }

  @Test
  void infoThatIsThereAlreadyIsAsGoodAsTaken() {
    http.answers(409, "");
    assertThat(sink.info(trace).send(soon())).isEqualTo(SendResult.DELIVERED);
  }

  @Test
  void tagsAreSetOneByOneUntilOneIsNotTaken() {
    http.answers(200, "{}");
    http.answers(503, "");
    Map<String, String> tags = new java.util.LinkedHashMap<>();
    tags.put("a", "1");
    tags.put("b", "2");
    tags.put("c", "3");
    assertThat(sink.tags(trace.id(), tags).send(soon())).isInstanceOf(SendResult.Unknown.class);
    assertThat(http.sent).hasSize(2).allMatch(call -> call.method().equals("PATCH"));
    assertThat(new String(http.sent.getFirst().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"key\":\"a\",\"value\":\"1\"}");
  }

  @Test
  void aRunningWarehouseIsAskedWhichSpansArrived() throws Exception {
    http.answers(200, "{\"id\":\"wh1\",\"state\":\"RUNNING\"}");
    http.answers(
        200,
        "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"data_array\":"
            + "[[\"00f1f2f3f4f5f6f7\"]],\"next_chunk_internal_link\":"
            + "\"/api/2.0/sql/statements/s1/result/chunks/1?row_offset=1\"}}");
    http.answers(200, "{\"data_array\":[[\"00F1F2F3F4F5F6F8\"],[\"00f1f2f3f4f5f6f7\"]]}");
    assertThat(sink.present(trace.id(), soon()))
        .isEqualTo(
            new Presence.Spans(
                java.util.Set.of(new SpanId("00f1f2f3f4f5f6f7"), new SpanId("00f1f2f3f4f5f6f8"))));
    assertThat(http.sent.get(0).uri().getPath()).isEqualTo("/api/2.0/sql/warehouses/wh1");
    Json question = JsonReader.parse(http.sent.get(1).body());
    assertThat(question.text("statement"))
        .isEqualTo("SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id");
    assertThat(question.items("parameters").getFirst().text("value")).isEqualTo(trace.id().hex());
    assertThat(http.sent.get(2).uri())
        .hasToString("https://acme.test/api/2.0/sql/statements/s1/result/chunks/1?row_offset=1");
  }

  @Test
  void aTableWithoutTheTraceHasNoneOfItsSpans() {
    http.answers(200, "{\"state\":\"RUNNING\"}");
    http.answers(200, "{\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"row_count\":0}}");
    assertThat(sink.present(trace.id(), soon())).isEqualTo(new Presence.Spans(java.util.Set.of()));
  }

  @Test
  void aStoppedWarehouseIsLeftAsleep() {
    http.answers(200, "{\"state\":\"STOPPED\"}");
    assertThat(sink.present(trace.id(), soon()))
        .isEqualTo(new Presence.NotNow("SQL warehouse wh1 is STOPPED"));
    assertThat(http.sent).hasSize(1).allMatch(call -> call.method().equals("GET"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|{\"status\":{\"state\":\"CANCELED\"}}",
        "200|{\"status\":{\"state\":\"FAILED\",\"error\":{\"error_code\":\"X\",\"message\":\"m\"}}}",
        "200|{\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"data_array\":[[\"short\"]]}}",
        "200|{\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"data_array\":[[null]]}}",
        "403|{}",
        "500|{}"
      })
  void anAnswerThatIsNotOneProvesNothing(int status, String body) {
    http.answers(200, "{\"state\":\"RUNNING\"}");
    http.answers(status, body);
    http.answers(status, body); // a 403 is asked again with another token
    assertThat(sink.present(trace.id(), soon())).isInstanceOf(Presence.NotNow.class);
  }

  @Test
  void aMissingSecondHalfProvesNothing() {
    http.answers(200, "{\"state\":\"RUNNING\"}");
    http.answers(
        200,
        "{\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"data_array\":[],"
            + "\"next_chunk_internal_link\":\"/next\"}}");
    http.answers(500, "");
    assertThat(sink.present(trace.id(), soon())).isInstanceOf(Presence.NotNow.class);
  }

  @Test
  void withoutAWarehouseThereIsNobodyToAsk() {
    UcSink blind = new UcSink(destination(null), http, tokens, "0.1.0");
    assertThat(blind.present(trace.id(), soon())).isInstanceOf(Presence.Never.class);
    assertThat(http.sent).isEmpty();
  }

  @Test
  void aTableNameIsQuotedWhereItMustBe() {
    assertThat(SpansTable.statement("my-cat.traces.ucode_otel_spans"))
        .isEqualTo(
            "SELECT span_id FROM `my-cat`.traces.ucode_otel_spans WHERE trace_id = :trace_id");
  }

  private SendResult sendSpans() {
    return sink.spans(trace.id(), trace.spans(), CONTEXT).send(soon());
  }

  private static TraceDestination destination(@Nullable String warehouse) {
    return new TraceDestination(
        "d1",
        WORKSPACE,
        new SignIn.PatProfile("acme"),
        "123",
        "/Shared/ucode-traces",
        new UcLocation("main", "traces", "ucode"),
        "main.traces.ucode_otel_spans",
        warehouse,
        "dev@acme.test");
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  /** Answers what it was told to, in that order, and nothing else. */
  private static final class Script implements Http {
    final List<Call> sent = new ArrayList<>();
    final Deque<Reply> answers = new ArrayDeque<>();
    @Nullable HttpFailure failure;

    void answers(int status, String body) {
      answers.add(new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    List<String> bearers() {
      return sent.stream()
          .map(call -> call.headers().getOrDefault("Authorization", "Bearer none"))
          .map(header -> header.substring("Bearer ".length()))
          .toList();
    }

    @Override
    public Reply send(Call call, Deadline deadline) throws HttpFailure {
      sent.add(call);
      if (failure != null) {
        throw failure;
      }
      return answers.removeFirst();
    }
  }

  /** Hands out key-1, and a new one for each that was refused. */
  private static final class Keys implements Tokens {
    private int number = 1;
    @Nullable Problem problem;
    @Nullable HttpFailure failure;

    @Override
    public String get(WorkspaceUrl workspace, SignIn signIn, Deadline deadline) throws HttpFailure {
      if (problem != null) {
        throw new UserException(problem);
      }
      if (failure != null) {
        throw failure;
      }
      return "key-" + number;
    }

    @Override
    public String replace(
        WorkspaceUrl workspace, SignIn signIn, String refused, Deadline deadline) {
      assertThat(refused).isEqualTo("key-" + number);
      number++;
      return "key-" + number;
    }
  }
}
