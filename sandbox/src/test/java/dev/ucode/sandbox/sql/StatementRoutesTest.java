package dev.ucode.sandbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.sql.Workspace.Answer;
import dev.ucode.sandbox.store.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementRoutesTest {
  private static final String PATH = "/api/2.0/sql/statements";
  private static final String SPAN_IDS =
      "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id";

  private final StatementList list = new StatementList();
  private Workspace workspace;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    workspace = new Workspace(folder);
  }

  @AfterEach
  void stop() throws Exception {
    workspace.close();
  }

  @Test
  void everyStatementOfTheListAnswersWithItsColumns() throws Exception {
    twoTurns();
    for (KnownStatement statement : list.all()) {
      List<String> parameters = new ArrayList<>();
      for (KnownStatement.Column parameter : statement.parameters()) {
        String value = parameter.type().equals("DATE") ? "2026-01-01" : "t1";
        parameters.addAll(List.of(parameter.name(), parameter.type(), value));
      }
      Answer answer = workspace.run(statement.databricks(), parameters.toArray(new String[0]));
      assertThat(answer.state()).as(answer.toString()).isEqualTo("SUCCEEDED");
      JsonNode schema = answer.json().path("manifest").path("schema");
      assertThat(schema.path("column_count").asInt()).isEqualTo(statement.columns().size());
      assertThat(schema.findValuesAsText("name"))
          .isEqualTo(statement.columns().stream().map(KnownStatement.Column::name).toList());
    }
  }

  @Test
  void theSpansOfATraceComeAsATreeWithoutCopies() throws Exception {
    twoTurns();
    Answer answer = workspace.run(text("trace-spans"), "trace_id", "STRING", "t1");
    assertThat(answer.rows())
        .isEqualTo(
            """
            r1|-|claude_code_conversation|1795176000000000000|1795176010000000000|STATUS_CODE_OK|-|AGENT|-|-|-|-|-|-|-|-|s1|-
            l1|r1|llm|1795176001000000000|1795176003000000000|STATUS_CODE_OK|-|LLM|opus|100|10|30|-|-|-|-|-|-
            b1|r1|tool_Bash|1795176003000000000|1795176004000000000|STATUS_CODE_ERROR|-|TOOL|-|-|-|-|-|-|-|-|-|-
            """);
  }

  @Test
  void figuresAreOverDistinctSpans() throws Exception {
    twoTurns();
    assertThat(workspace.run(text("duplicates")).rows()).isEqualTo("t1|l1|2\n");
    assertThat(workspace.run(text("span-count"), "trace_id", "STRING", "t1").rows())
        .isEqualTo("4|3\n");
    assertThat(workspace.run(text("table-totals")).rows()).isEqualTo("6|2\n");
    assertThat(workspace.run(text("session-spans"), "session_id", "STRING", "s1").rows())
        .isEqualTo("2|5\n");
    assertThat(workspace.run(text("latest-traces")).rows())
        .isEqualTo(
            """
            t2|claude_code_conversation|s1|1795262400000000000|5000|STATUS_CODE_OK|2|0
            t1|claude_code_conversation|s1|1795176000000000000|10000|STATUS_CODE_OK|3|1
            """);
    assertThat(workspace.run(text("tokens-by-model-and-day"), "since", "DATE", "2026-11-01").rows())
        .isEqualTo(
            """
            2026-11-20|opus|1|100|10|30|-
            2026-11-21|haiku|1|7|-|-|-
            """);
    assertThat(workspace.run(text("tokens-by-model-and-day"), "since", "DATE", "2026-11-21").rows())
        .isEqualTo("2026-11-21|haiku|1|7|-|-|-\n");
    assertThat(workspace.run(text("tool-usage"), "since", "DATE", "2026-11-01").rows())
        .isEqualTo("tool_Bash|1|1|1000|1000\n");
    assertThat(workspace.run(text("model-latency"), "since", "DATE", "2026-11-01").rows())
        .isEqualTo("haiku|1|1000|1000\nopus|1|2000|2000\n");
  }

  @Test
  void metadataComesFromTheView() throws Exception {
    info("t1", "dev@sandbox.test", "s1");
    info("t2", "dev@sandbox.test", "s2");
    assertThat(workspace.run(text("traces-per-user")).rows()).isEqualTo("dev@sandbox.test|2|2\n");
    assertThat(workspace.run(text("trace-metadata"), "trace_id", "STRING", "t1").rows())
        .isEqualTo("t1|c-t1|s1|dev@sandbox.test|-|-\n");
  }

  @Test
  void aStatementThatIsNotOfTheListIsRefusedAndNeverAnswered() throws Exception {
    Answer answer = workspace.run("SELECT * FROM main.traces.ucode_otel_spans");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.state()).isEqualTo("FAILED");
    assertThat(answer.json().path("status").path("sql_state").asText()).isEqualTo("0A000");
    assertThat(answer.json().path("status").path("error").path("error_code").asText())
        .isEqualTo("BAD_REQUEST");
    assertThat(answer.error())
        .startsWith("[UNSUPPORTED_FEATURE.SANDBOX_STATEMENT]")
        .contains("where this has '*'")
        .contains("latest-traces");
    assertThat(answer.json().has("result")).isFalse();

    assertThat(workspace.run("SELECT 'open").error()).startsWith("[PARSE_SYNTAX_ERROR]");
  }

  @Test
  void wrongTablesAndParametersFailAsOnThePlatform() throws Exception {
    Answer noTable =
        workspace.run(
            "SELECT span_id FROM main.traces.nobody_otel_spans WHERE trace_id = :trace_id",
            "trace_id",
            "STRING",
            "t1");
    assertThat(noTable.error())
        .startsWith("[TABLE_OR_VIEW_NOT_FOUND]")
        .contains("`main`.`traces`.`nobody_otel_spans`");
    assertThat(noTable.json().path("status").path("sql_state").asText()).isEqualTo("42P01");

    assertThat(workspace.run(SPAN_IDS).error())
        .startsWith("[UNBOUND_SQL_PARAMETER]")
        .contains("trace_id");
    assertThat(workspace.run(text("tool-usage"), "since", "DATE", "yesterday").error())
        .startsWith("[CAST_INVALID_INPUT]");
    assertThat(workspace.run(text("tool-usage"), "since", "STRING", "2026-11-01").state())
        .isEqualTo("SUCCEEDED");
    assertThat(workspace.run(SPAN_IDS, "trace_id", "BINARY", "x").error())
        .contains("SANDBOX_PARAMETER_TYPE");
  }

  @Test
  void aStoppedWarehouseStartsForAStatementThatWaits() throws Exception {
    startsTake(400);
    ObjectNode body = Workspace.statement("SELECT 1").put("warehouse_id", Workspace.STOPPED);
    Answer submitted = workspace.post(PATH, body.put("wait_timeout", "0s"));
    assertThat(submitted.state()).isEqualTo("PENDING");
    assertThat(submitted.json().has("manifest")).isFalse();

    String path = PATH + "/" + submitted.json().path("statement_id").asText();
    Answer done = workspace.until(path, answer -> !answer.state().equals("PENDING"));
    assertThat(done.state()).isEqualTo("SUCCEEDED");
    assertThat(done.rows()).isEqualTo("1\n");
    assertThat(
            workspace
                .get("/api/2.0/sql/warehouses/" + Workspace.STOPPED)
                .json()
                .path("state")
                .asText())
        .isEqualTo("RUNNING");
  }

  @Test
  void aCallWaitsForTheEndWhenItMay() throws Exception {
    startsTake(200);
    ObjectNode body = Workspace.statement("SELECT 1").put("warehouse_id", Workspace.STOPPED);
    assertThat(workspace.post(PATH, body).state()).isEqualTo("SUCCEEDED");
  }

  @Test
  void aWaitingStatementCanBeCancelled() throws Exception {
    startsTake(3_600_000);
    ObjectNode body = Workspace.statement("SELECT 1").put("warehouse_id", Workspace.STOPPED);
    Answer submitted = workspace.post(PATH, body.put("wait_timeout", "0s"));
    String path = PATH + "/" + submitted.json().path("statement_id").asText();

    assertThat(workspace.post(path + "/cancel", Json.object()).status()).isEqualTo(200);
    assertThat(workspace.get(path).state()).isEqualTo("CANCELED");
    assertThat(workspace.get(path + "/result/chunks/0").status()).isEqualTo(400);
  }

  @Test
  void aStatementMayBeCancelledWhenItsTimeIsUp() throws Exception {
    startsTake(3_600_000);
    ObjectNode body =
        Workspace.statement("SELECT 1")
            .put("warehouse_id", Workspace.STOPPED)
            .put("wait_timeout", "5s")
            .put("on_wait_timeout", "CANCEL");
    assertThat(workspace.post(PATH, body).state()).isEqualTo("CANCELED");
  }

  @Test
  void aLargeResultComesInChunks() throws Exception {
    manySpans(2500);
    Answer first = workspace.run(SPAN_IDS, "trace_id", "STRING", "many");
    JsonNode manifest = first.json().path("manifest");
    assertThat(manifest.path("total_row_count").asInt()).isEqualTo(2500);
    assertThat(manifest.path("total_chunk_count").asInt()).isEqualTo(3);
    assertThat(manifest.path("truncated").asBoolean()).isFalse();
    assertThat(manifest.path("chunks").findValuesAsText("row_count"))
        .containsExactly("1000", "1000", "500");

    HashSet<String> seen = new HashSet<>();
    JsonNode chunk = first.json().path("result");
    while (true) {
      for (JsonNode row : chunk.path("data_array")) {
        assertThat(seen.add(row.get(0).asText())).isTrue();
      }
      if (!chunk.has("next_chunk_internal_link")) {
        break;
      }
      chunk = workspace.get(chunk.path("next_chunk_internal_link").asText()).json();
    }
    assertThat(seen).hasSize(2500);
    String path = PATH + "/" + first.json().path("statement_id").asText();
    assertThat(workspace.get(path + "/result/chunks/3").status()).isEqualTo(400);
  }

  @Test
  void aRowLimitTruncates() throws Exception {
    manySpans(30);
    ObjectNode body = Workspace.statement(SPAN_IDS, "trace_id", "STRING", "many");
    JsonNode limited = workspace.post(PATH, body.put("row_limit", 10)).json().path("manifest");
    assertThat(limited.path("total_row_count").asInt()).isEqualTo(10);
    assertThat(limited.path("truncated").asBoolean()).isTrue();
    JsonNode exact = workspace.post(PATH, body.put("row_limit", 30)).json().path("manifest");
    assertThat(exact.path("truncated").asBoolean()).isFalse();
  }

  @Test
  void aResultWithoutRowsHasNoChunks() throws Exception {
    Answer answer = workspace.run(SPAN_IDS, "trace_id", "STRING", "none");
    assertThat(answer.state()).isEqualTo("SUCCEEDED");
    assertThat(answer.json().path("manifest").path("total_row_count").asInt()).isZero();
    assertThat(answer.json().path("manifest").has("chunks")).isFalse();
    assertThat(answer.json().path("result").has("data_array")).isFalse();
  }

  @Test
  void badRequestsAreRefusedBeforeAnythingRuns() throws Exception {
    assertThat(workspace.post(PATH, Json.object()).status()).isEqualTo(400);
    assertThat(workspace.post(PATH, Json.object().put("statement", "SELECT 1")).status())
        .isEqualTo(400);
    ObjectNode body = Workspace.statement("SELECT 1");
    for (String wait : List.of("3s", "51s", "10", "1m", "-5s")) {
      assertThat(workspace.post(PATH, body.deepCopy().put("wait_timeout", wait)).status())
          .as(wait)
          .isEqualTo(400);
    }
    for (String field : List.of("disposition", "format", "on_wait_timeout")) {
      assertThat(workspace.post(PATH, body.deepCopy().put(field, "OTHER")).status())
          .as(field)
          .isEqualTo(400);
    }
    assertThat(workspace.post(PATH, body.deepCopy().put("row_limit", 0)).status()).isEqualTo(400);
    assertThat(workspace.post(PATH, body.deepCopy().put("warehouse_id", "ffff")).status())
        .isEqualTo(404);
  }

  @Test
  void aStatementBelongsToWhoSentIt() throws Exception {
    ObjectNode body = Workspace.statement("SELECT 1");
    assertThat(workspace.asStranger("POST", PATH, body).status()).isEqualTo(403);
    String id = workspace.post(PATH, body).json().path("statement_id").asText();
    assertThat(workspace.get(PATH + "/" + id).status()).isEqualTo(200);
    assertThat(workspace.asStranger("GET", PATH + "/" + id, null).status()).isEqualTo(404);
    assertThat(workspace.get(PATH + "/none").status()).isEqualTo(404);
  }

  @Test
  void aResultIsKeptForAnHourAndAStatementForTwelve(@TempDir Path another) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-25T12:00:00Z"));
    try (Workspace later = new Workspace(another, now::get)) {
      String path = PATH + "/" + later.run("SELECT 1").json().path("statement_id").asText();
      now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(59)));
      assertThat(later.get(path).state()).isEqualTo("SUCCEEDED");
      now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
      assertThat(later.get(path).state()).isEqualTo("CLOSED");
      assertThat(later.get(path).json().has("result")).isFalse();
      assertThat(later.get(path + "/result/chunks/0").status()).isEqualTo(400);
      now.updateAndGet(instant -> instant.plus(Duration.ofHours(12)));
      later.run("SELECT 1");
      assertThat(later.get(path).status()).isEqualTo(404);
    }
  }

  @Test
  void theListCanBeRead() throws Exception {
    Answer answer = workspace.asAdmin("GET", "/sandbox/sql/statements", null);
    assertThat(answer.json().path("statements")).hasSize(list.all().size());
  }

  /** Two turns of one session; of the first, a model call came twice and a tool failed. */
  private void twoTurns() throws Exception {
    String root = "{\"mlflow.spanType\":\"AGENT\",\"session.id\":\"s1\"}";
    String opus =
        """
        {"mlflow.spanType":"LLM","mlflow.llm.model":"opus","mlflow.chat.tokenUsage":
         {"input_tokens":100,"output_tokens":10,"cache_read_input_tokens":30}}\
        """;
    String haiku =
        "{\"mlflow.spanType\":\"LLM\",\"model\":\"haiku\","
            + "\"mlflow.chat.tokenUsage\":\"{\\\"input_tokens\\\":7}\"}";
    workspace.span("t1", "r1", "", "claude_code_conversation", 0, 10_000, root);
    workspace.span("t1", "l1", "r1", "llm", 1000, 3000, opus);
    workspace.span("t1", "l1", "r1", "llm", 1000, 3000, opus);
    workspace.span("t1", "b1", "r1", "tool_Bash!", 3000, 4000, "{\"mlflow.spanType\":\"TOOL\"}");
    long day = 86_400_000;
    workspace.span("t2", "r2", null, "claude_code_conversation", day, day + 5000, root);
    workspace.span("t2", "l2", "r2", "llm", day, day + 1000, haiku);
  }

  private void manySpans(int count) throws Exception {
    workspace
        .sandbox
        .database()
        .change(
            connection ->
                Sql.update(
                    connection,
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                        + " INSERT INTO \"main.traces.ucode_otel_spans\" (trace_id, span_id)"
                        + " SELECT 'many', printf('%016x', i) FROM n",
                    count));
  }

  private void info(String trace, String user, String session) throws Exception {
    ObjectNode value = Json.object().put("client_request_id", "c-" + trace);
    value
        .putObject("trace_metadata")
        .put("mlflow.trace.user", user)
        .put("mlflow.trace.session", session);
    workspace
        .sandbox
        .database()
        .change(
            connection ->
                Sql.update(
                    connection,
                    "INSERT INTO \"main.traces.ucode_otel_annotations\" (annotation_id,"
                        + " target_type, target_id, annotation_type, name, value, updated_at)"
                        + " VALUES (?, 'TRACE', ?, 'METADATA', NULL, ?, 1)",
                    "a-" + trace,
                    trace,
                    Json.write(value)));
  }

  private void startsTake(long millis) throws Exception {
    workspace.asAdmin(
        "PATCH",
        "/sandbox/warehouses/" + Workspace.STOPPED,
        Json.object().put("start_millis", millis));
  }

  private String text(String name) {
    return list.all().stream()
        .filter(statement -> statement.name().equals(name))
        .findFirst()
        .orElseThrow()
        .databricks();
  }
}
