package dev.ucode.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.Sandbox;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.sql.KnownStatement;
import dev.ucode.sandbox.sql.StatementList;
import dev.ucode.sandbox.store.Sql;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every statement of the list on the sandbox, over HTTP, and on Spark, over the same rows, and
 * expects the same columns, types and rows.
 */
class ParityTest {
  private static final String RUNNING_WAREHOUSE = "a1b2c3d4e5f60002";

  @TempDir private static Path folder;
  private static HttpClient http;
  private static Sandbox sandbox;
  private static SparkSession spark;

  /** Column names with types, and rows as text; the form both sides are brought into. */
  private record Outcome(List<String> columns, List<List<@Nullable String>> rows) {
    /** Without an ORDER BY the order of rows means nothing. */
    Outcome sorted() {
      List<List<@Nullable String>> sorted = new ArrayList<>(rows);
      sorted.sort((a, b) -> a.toString().compareTo(b.toString()));
      return new Outcome(columns, sorted);
    }
  }

  @BeforeAll
  static void fill() throws Exception {
    http = HttpClient.newHttpClient();
    sandbox = Sandbox.start(folder, 0, InstantSource.system());
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.warehouse.dir", folder.resolve("spark").toString())
            .getOrCreate();
    for (ExportTraceServiceRequest request : SampleTraces.requests()) {
      HttpRequest.Builder export =
          request("/api/2.0/otel/v1/traces")
              .header("Content-Type", "application/x-protobuf")
              .header("X-Databricks-UC-Table-Name", "main.traces.ucode_otel_spans")
              .POST(BodyPublishers.ofByteArray(request.toByteArray()));
      assertThat(send(export).path("error_code").asText()).isEmpty();
    }
    for (int trace = 1; trace <= 30; trace++) {
      info(trace);
    }
    // Of the parents of root spans, some are null and some are empty, as readers must expect.
    sandbox
        .database()
        .change(
            connection ->
                Sql.update(
                    connection,
                    "UPDATE \"main.traces.ucode_otel_spans\" SET parent_span_id ="
                        + " CASE WHEN rowid % 2 = 0 THEN '' END"
                        + " WHERE coalesce(parent_span_id, '') = ''"));
    assertThat(SparkTables.copy(sandbox, spark)).isGreaterThan(150);
  }

  @AfterAll
  static void stop() throws Exception {
    spark.stop();
    sandbox.close();
    http.close();
  }

  @TestFactory
  Stream<DynamicTest> everyStatementGivesWhatSparkGives() {
    return new StatementList()
        .all().stream()
            .flatMap(
                statement ->
                    parameters(statement).stream()
                        .map(
                            given ->
                                DynamicTest.dynamicTest(
                                    statement.name() + " " + given,
                                    () -> compare(statement.databricks(), statement, given))));
  }

  @TestFactory
  Stream<DynamicTest> limitsMayDiffer() {
    return new StatementList()
        .all().stream()
            .filter(statement -> statement.name().equals("latest-traces"))
            .flatMap(
                statement ->
                    Stream.of("0", "1", "7", "1000")
                        .map(
                            limit ->
                                DynamicTest.dynamicTest(
                                    "LIMIT " + limit,
                                    () ->
                                        compare(
                                            statement.databricks().replace("20", limit),
                                            statement,
                                            Map.of()))));
  }

  @Test
  void theRowsAreWorthComparing() throws Exception {
    StatementList list = new StatementList();
    for (KnownStatement statement : list.all()) {
      List<Map<String, String>> given = parameters(statement);
      long rows = 0;
      for (Map<String, String> parameters : given) {
        rows += onSandbox(statement.databricks(), statement, parameters).rows().size();
      }
      if (!statement.name().startsWith("table-probe")) {
        assertThat(rows).as(statement.name()).isPositive();
      }
    }
  }

  private static void compare(String sql, KnownStatement statement, Map<String, String> parameters)
      throws Exception {
    Outcome ours = onSandbox(sql, statement, parameters);
    Outcome sparks = onSpark(sql, statement, parameters);
    if (!sql.toUpperCase(Locale.ROOT).contains("ORDER BY")) {
      ours = ours.sorted();
      sparks = sparks.sorted();
    }
    assertThat(ours).isEqualTo(sparks);
  }

  /** The parameter sets to try: each value of the first parameter; statements have at most one. */
  private static List<Map<String, String>> parameters(KnownStatement statement) {
    if (statement.parameters().isEmpty()) {
      return List.of(Map.of());
    }
    assertThat(statement.parameters()).as(statement.name()).hasSize(1);
    String name = statement.parameters().getFirst().name();
    List<String> values =
        switch (name) {
          case "trace_id" ->
              Stream.of(1, 2, 3, 7, 29, 90, 91, 92, 93, 404).map(SampleTraces::traceId).toList();
          case "session_id" -> List.of("session-0", "session-5", "12345678901234", "", "none");
          case "since" -> List.of("2026-01-01", "2026-11-22", "2026-11-29", "2030-01-01");
          default -> throw new IllegalStateException("no values for parameter " + name);
        };
    return values.stream().map(value -> Map.of(name, value)).toList();
  }

  private static Outcome onSandbox(
      String sql, KnownStatement statement, Map<String, String> parameters) throws Exception {
    ObjectNode body =
        Json.object()
            .put("statement", sql)
            .put("warehouse_id", RUNNING_WAREHOUSE)
            .put("wait_timeout", "50s");
    for (KnownStatement.Column parameter : statement.parameters()) {
      body.withArray("parameters")
          .addObject()
          .put("name", parameter.name())
          .put("type", parameter.type())
          .put("value", parameters.get(parameter.name()));
    }
    JsonNode answer =
        send(request("/api/2.0/sql/statements").POST(BodyPublishers.ofString(Json.write(body))));
    assertThat(answer.path("status").path("state").asText())
        .as(answer.toString())
        .isEqualTo("SUCCEEDED");
    List<String> columns = new ArrayList<>();
    for (JsonNode column : answer.path("manifest").path("schema").path("columns")) {
      columns.add(column.path("name").asText() + " " + column.path("type_text").asText());
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("result").path("data_array")) {
      List<@Nullable String> values = new ArrayList<>();
      row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
      rows.add(values);
    }
    assertThat(rows).hasSize(answer.path("manifest").path("total_row_count").asInt());
    return new Outcome(columns, rows);
  }

  private static Outcome onSpark(
      String sql, KnownStatement statement, Map<String, String> parameters) {
    Map<String, Object> typed = new LinkedHashMap<>();
    for (KnownStatement.Column parameter : statement.parameters()) {
      String value = parameters.get(parameter.name());
      typed.put(
          parameter.name(), parameter.type().equals("DATE") ? java.sql.Date.valueOf(value) : value);
    }
    Dataset<Row> found = spark.sql(sql.replace("main.traces.", ""), typed);
    List<String> columns = new ArrayList<>();
    for (var field : found.schema().fields()) {
      columns.add(field.name() + " " + field.dataType().sql());
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Row row : found.collectAsList()) {
      List<@Nullable String> values = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        values.add(row.isNullAt(i) ? null : row.get(i).toString());
      }
      rows.add(values);
    }
    return new Outcome(columns, rows);
  }

  private static void info(int trace) throws Exception {
    String id = SampleTraces.traceId(trace);
    ObjectNode body =
        Json.object()
            .put("trace_id", id)
            .put("client_request_id", SampleTraces.session(trace) + ":" + trace)
            .put("request_time", "2026-11-20T12:00:00Z")
            .put("execution_duration", "40s")
            .put("state", "OK");
    body.putObject("trace_location")
        .put("type", "UC_TABLE_PREFIX")
        .putObject("uc_table_prefix")
        .put("catalog_name", "main")
        .put("schema_name", "traces")
        .put("table_prefix", "ucode");
    ObjectNode metadata = body.putObject("trace_metadata");
    metadata.put("mlflow.trace.session", SampleTraces.session(trace));
    if (trace % 5 != 0) {
      String key = trace % 2 == 0 ? "mlflow.trace.user" : "mlflow.user";
      metadata.put(key, "user-%d@sandbox.test".formatted(trace % 3));
    }
    if (trace % 4 == 0) {
      metadata.put("mlflow.trace.tokenUsage", "{\"input_tokens\": 1}");
      body.putObject("tags").put("mlflow.traceName", "claude_code_conversation");
    }
    JsonNode answer =
        send(
            request("/api/4.0/mlflow/traces/main.traces.ucode/" + id + "/info")
                .POST(BodyPublishers.ofString(Json.write(body))));
    assertThat(answer.path("error_code").asText()).as(answer.toString()).isEmpty();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(sandbox.url().resolve(path))
        .header("Authorization", "Bearer " + sandbox.token());
  }

  private static JsonNode send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }
}
