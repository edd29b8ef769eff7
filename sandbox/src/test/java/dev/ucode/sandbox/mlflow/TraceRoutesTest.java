package dev.ucode.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.otel.Export;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceRoutesTest {
  private static final String ROOT = "/api/4.0/mlflow/traces/";
  private static final String LOCATION = ROOT + "main.traces.ucode/";
  private static final String WAREHOUSE = "sql_warehouse_id=" + Asked.WAREHOUSE;
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void anInfoIsAnsweredWithItsTablesAndReadBack() throws Exception {
    ObjectNode info = info(1, "OK");
    JsonNode answered = asked.post(LOCATION + TRACE + "/info", info).expect(200).json();
    assertThat(
            answered
                .path("trace_location")
                .path("uc_table_prefix")
                .path("spans_table_name")
                .asText())
        .isEqualTo(Export.TABLE);
    JsonNode read =
        asked
            .get(LOCATION + TRACE + "/info?" + WAREHOUSE)
            .expect(200)
            .json()
            .path("trace")
            .path("trace_info");
    assertThat(read.path("trace_id").asText()).isEqualTo(TRACE);
    assertThat(read.path("execution_duration").asText()).isEqualTo("1s");
    assertThat(read.path("trace_metadata").path("mlflow.trace.session").asText()).isEqualTo("s1");
    assertThat(read.path("tags").path("mlflow.traceName").asText()).isEqualTo("turn-1");
  }

  @Test
  void aSecondInfoReplacesTheFirstAndKeepsTags() throws Exception {
    asked.post(LOCATION + TRACE + "/info", info(1, "OK")).expect(200);
    asked.patch(LOCATION + TRACE + "/tags", "{\"key\":\"late\",\"value\":\"1\"}").expect(200);
    asked.post(LOCATION + TRACE + "/info", info(2, "ERROR")).expect(200);
    JsonNode read =
        asked
            .get(LOCATION + TRACE + "/info?" + WAREHOUSE)
            .expect(200)
            .json()
            .path("trace")
            .path("trace_info");
    assertThat(read.path("state").asText()).isEqualTo("ERROR");
    assertThat(read.path("tags")).hasToString("{\"late\":\"1\",\"mlflow.traceName\":\"turn-2\"}");
    assertThat(search("{}")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"request_time\":\"yesterday\"}",
        "{\"request_time\":\"2026-11-20T12:00:00Z\",\"execution_duration\":\"5\"}",
        "{\"request_time\":\"2026-11-20T12:00:00Z\",\"state\":\"DONE\"}",
        "{\"request_time\":\"2026-11-20T12:00:00Z\",\"tags\":{\"a\":1}}",
        "{\"request_time\":\"2026-11-20T12:00:00Z\",\"trace_id\":\"other\"}",
        "{\"request_time\":\"2026-11-20T12:00:00Z\",\"trace_location\":{\"uc_table_prefix\":{"
            + "\"catalog_name\":\"main\",\"schema_name\":\"traces\",\"table_prefix\":\"x\"}}}"
      })
  void infosThatThePlatformCouldNotHoldAreRefused(String info) throws Exception {
    assertThat(asked.post(LOCATION + TRACE + "/info", info).expect(400).error())
        .isEqualTo("INVALID_PARAMETER_VALUE");
  }

  @Test
  void placesAndIdsMustExist() throws Exception {
    asked.post(ROOT + "main.traces.no/" + TRACE + "/info", info(1, "OK")).expect(404);
    asked.post(ROOT + "nowhere/" + TRACE + "/info", info(1, "OK")).expect(400);
    asked.post(LOCATION + "ABC/info", info(1, "OK")).expect(400);
    asked.get(LOCATION + TRACE + "/info?" + WAREHOUSE).expect(404);
  }

  @Test
  void readingNeedsAWarehouseAndWritingDoesNot() throws Exception {
    asked.post(LOCATION + TRACE + "/info", info(1, "OK")).expect(200);
    var answer = asked.get(LOCATION + TRACE + "/info").expect(400);
    assertThat(answer.json().path("message").asText())
        .startsWith("Could not resolve a SQL warehouse ID");
    asked.get(LOCATION + TRACE + "/info?sql_warehouse_id=none").expect(404);
    asked.post(ROOT + "search", Json.parse("{\"locations\":[" + place() + "]}")).expect(400);
    asked
        .ask(asked.strangerToken(), "GET", LOCATION + TRACE + "/info?" + WAREHOUSE, null)
        .expect(403);
    asked.ask(asked.strangerToken(), "POST", LOCATION + TRACE + "/info", info(1, "OK")).expect(403);
  }

  @Test
  void spansComeBackAsProtoJson() throws Exception {
    Export.send(
            asked,
            Export.span(TRACE, "00f067aa0ba902b7", "b7ad6b7169203331", "llm")
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("n")
                        .setValue(AnyValue.newBuilder().setIntValue(1L << 60))),
            Export.span(TRACE, "b7ad6b7169203331", "", "root"))
        .expect(200);
    asked.post(LOCATION + TRACE + "/info", info(1, "OK")).expect(200);
    JsonNode traces =
        asked
            .get(
                LOCATION
                    + "batchGet?trace_ids="
                    + TRACE
                    + "&trace_ids="
                    + "f".repeat(32)
                    + "&"
                    + WAREHOUSE)
            .expect(200)
            .json()
            .path("traces");
    assertThat(traces).hasSize(1);
    assertThat(traces.get(0).path("spans").get(0))
        .isEqualTo(
            Json.parse(
                "{\"trace_id\":\"CvdlGRbNQ92ESOshHIAxnA==\",\"span_id\":\"APBnqgupArc=\","
                    + "\"parent_span_id\":\"t61rcWkgMzE=\",\"name\":\"llm\",\"kind\":"
                    + "\"SPAN_KIND_INTERNAL\",\"start_time_unix_nano\":\"1795176000123456789\","
                    + "\"end_time_unix_nano\":\"1795176002123456789\",\"attributes\":[{\"key\":\"n\","
                    + "\"value\":{\"int_value\":\"1152921504606846976\"}}],\"events\":[],\"links\":[],"
                    + "\"status\":{\"code\":\"STATUS_CODE_OK\"}}"));
    assertThat(traces.get(0).path("spans").get(1).has("parent_span_id")).isFalse();
  }

  @Test
  void aTraceWithoutAnInfoShowsWhatItsRootTells() throws Exception {
    Export.send(
            asked,
            Export.span(TRACE, "b7ad6b7169203331", "", "root")
                .addAttributes(Export.attribute("mlflow.spanInputs", "hi")))
        .expect(200);
    JsonNode info = search("{}").getFirst();
    assertThat(info.path("state").asText()).isEqualTo("OK");
    assertThat(info.path("execution_duration").asText()).isEqualTo("2s");
    assertThat(info.path("request_time").asText()).isEqualTo("2026-11-20T12:00:00.123Z");
    assertThat(info.path("request_preview").asText()).isEqualTo("hi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "trace.status = 'OK'; 3 1",
        "status = 'ERROR'; 2",
        "trace.timestamp_ms > 1795176001500; 3 2",
        "timestamp_ms >= '2026-11-20' AND timestamp_ms < '2026-11-21'; 3 2 1",
        "metadata.`mlflow.trace.session` = 's1'; 1",
        "tag.`mlflow.traceName` LIKE 'turn-%' AND trace.status IN ('OK'); 3 1",
        "tags.n IS NOT NULL; 3 2 1",
        "trace.name = 'turn-2'; 2",
        "execution_time_ms > 1500; 3 2",
        "client_request_id = 'c3'; 3",
        "feedback.good = 'true'; 2",
        "span.name = 'root' AND span.status = 'OK'; 1",
        "span.attributes.`mlflow.spanType` = 'AGENT'; 1"
      })
  void filters(String filter, String expected) throws Exception {
    three();
    ObjectNode body = Json.object().put("filter", filter);
    List<String> found = new ArrayList<>();
    search(Json.write(body)).forEach(info -> found.add(info.path("tags").path("n").asText()));
    assertThat(found).as(filter).isEqualTo(List.of(expected.split(" ", -1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"filter\":\"nothing = 'x'\"}",
        "{\"filter\":\"who.x = 'x'\"}",
        "{\"filter\":\"status = 'OK' OR status = 'ERROR'\"}",
        "{\"max_results\":501}",
        "{\"max_results\":0}",
        "{\"order_by\":[\"colour\"]}",
        "{\"page_token\":\"?\"}"
      })
  void searchesThatCannotBeUnderstoodAreRefused(String body) throws Exception {
    three();
    asked.post(ROOT + "search", searchBody(body)).expect(400);
  }

  @Test
  void searchOrdersAndPages() throws Exception {
    three();
    List<String> names = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page =
          asked
              .post(
                  ROOT + "search",
                  searchBody(
                      "{\"max_results\":2,\"order_by\":[\"timestamp_ms ASC\"],\"page_token\":\""
                          + token
                          + "\"}"))
              .expect(200)
              .json();
      page.path("trace_infos").forEach(info -> names.add(info.path("tags").path("n").asText()));
      token = page.path("next_page_token").asText();
      pages++;
    } while (!token.isEmpty());
    assertThat(names).containsExactly("1", "2", "3");
    assertThat(pages).isEqualTo(2);
  }

  @Test
  void aLinkedExperimentIsAPlaceToSearchAndFoundOnce() throws Exception {
    three();
    ObjectNode body = searchBody("{}");
    body.withArray("locations")
        .addObject()
        .put("type", "MLFLOW_EXPERIMENT")
        .putObject("mlflow_experiment")
        .put("experiment_id", asked.experiment());
    assertThat(asked.post(ROOT + "search", body).expect(200).json().path("trace_infos")).hasSize(3);
  }

  @Test
  void theLongRunningSearchIsPolled() throws Exception {
    three();
    JsonNode operation =
        asked.post(ROOT + "search-long-running", searchBody("{}")).expect(200).json();
    assertThat(operation.path("done").asBoolean()).isFalse();
    String path = ROOT + "search/operations/" + operation.path("name").asText();
    JsonNode done = asked.get(path).expect(200).json();
    assertThat(done.path("done").asBoolean()).isTrue();
    assertThat(done.path("response").path("trace_infos")).hasSize(3);
    JsonNode failed =
        asked
            .post(ROOT + "search-long-running", searchBody("{\"filter\":\"x = '1'\"}"))
            .expect(200)
            .json();
    JsonNode answer =
        asked.get(ROOT + "search/operations/" + failed.path("name").asText()).expect(200).json();
    assertThat(answer.path("error").path("error_code").asText())
        .isEqualTo("INVALID_PARAMETER_VALUE");
    asked.get(ROOT + "search/operations/none").expect(404);
  }

  @Test
  void assessmentsLiveAndDie() throws Exception {
    asked.post(LOCATION + TRACE + "/info", info(1, "OK")).expect(200);
    String base = LOCATION + TRACE + "/assessments";
    String feedback =
        "{\"assessment_name\":\"good\",\"source\":{\"source_type\":\"CODE\",\"source_id\":\"x\"},"
            + "\"create_time\":\"2026-11-20T12:00:00Z\",\"feedback\":{\"value\":true},\"valid\":true}";
    JsonNode made = asked.post(base + "?" + WAREHOUSE, feedback).expect(200).json();
    String id = made.path("assessment_id").asText();
    assertThat(made.path("create_time").asText()).isEqualTo("2026-11-20T12:00:00Z");
    JsonNode changed =
        asked
            .patch(
                base + "/" + id + "?" + WAREHOUSE + "&update_mask=feedback,rationale",
                "{\"feedback\":{\"value\":false},\"rationale\":\"no\"}")
            .expect(200)
            .json();
    assertThat(changed.path("feedback")).hasToString("{\"value\":false}");
    assertThat(asked.get(base + "/" + id + "?" + WAREHOUSE).expect(200).json()).isEqualTo(changed);
    JsonNode over =
        asked
            .post(
                base + "?" + WAREHOUSE,
                feedback.replace("\"valid\":true", "\"overrides\":\"" + id + "\""))
            .expect(200)
            .json();
    assertThat(asked.get(base + "/" + id + "?" + WAREHOUSE).json().path("valid").asBoolean())
        .isFalse();
    asked.delete(base + "/" + id + "?" + WAREHOUSE).expect(200);
    asked.get(base + "/" + id + "?" + WAREHOUSE).expect(404);
    assertThat(search("{}").getFirst().path("assessments").findValuesAsText("assessment_id"))
        .containsExactly(over.path("assessment_id").asText());
    asked.post(base + "?" + WAREHOUSE, "{\"assessment_name\":\"x\"}").expect(400);
    asked.post(LOCATION + "f".repeat(32) + "/assessments?" + WAREHOUSE, feedback).expect(404);
  }

  @Test
  void tracesCanBeLinkedToRuns() throws Exception {
    String body = "{\"run_id\":\"r1\",\"trace_ids\":[\"" + TRACE + "\"]}";
    asked.post(LOCATION + "link-to-run/batchCreate", body).expect(200);
    assertThat(
            asked.column(
                "SELECT value FROM \"main.traces.ucode_otel_annotations\" WHERE annotation_type ="
                    + " 'RUN_LINK' AND deleted_at IS NULL"))
        .containsExactly("\"r1\"");
    asked
        .ask(
            asked.sandbox().token(),
            "DELETE",
            LOCATION + "unlink-from-run/batchDelete",
            Json.parse(body))
        .expect(200);
  }

  @Test
  void tracesAreDeletedByIdAndByAge() throws Exception {
    three();
    String path = "/api/2.0/mlflow/traces/delete-traces";
    ObjectNode body = Json.object().put("experiment_id", asked.experiment());
    body.putArray("request_ids").add("trace:/main.traces.ucode/" + id(1)).add("f".repeat(32));
    assertThat(asked.post(path, body).expect(200).json().path("traces_deleted").asInt())
        .isEqualTo(1);
    assertThat(search("{}")).hasSize(2);
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).isEmpty();
    body.remove("request_ids");
    asked.post(path, body).expect(400);
    body.put("max_timestamp_millis", Long.MAX_VALUE).put("max_traces", 1);
    asked.post(path, body).expect(200);
    assertThat(search("{}").getFirst().path("tags").path("n").asText()).isEqualTo("3");
  }

  private static String id(int n) {
    return "%032x".formatted(n);
  }

  /** Three traces: the second failed and has a feedback, the first has spans. */
  private void three() throws Exception {
    for (int n = 1; n <= 3; n++) {
      asked.post(LOCATION + id(n) + "/info", info(n, n == 2 ? "ERROR" : "OK")).expect(200);
      asked
          .patch(LOCATION + id(n) + "/tags", "{\"key\":\"n\",\"value\":\"" + n + "\"}")
          .expect(200);
    }
    asked
        .post(
            LOCATION + id(2) + "/assessments?" + WAREHOUSE,
            "{\"assessment_name\":\"good\",\"source\":{\"source_type\":\"CODE\"},\"feedback\":{"
                + "\"value\":true}}")
        .expect(200);
    Export.send(
            asked,
            Export.span(id(1), "b7ad6b7169203331", "", "root")
                .addAttributes(Export.attribute("mlflow.spanType", "AGENT")))
        .expect(200);
  }

  private static ObjectNode info(int n, String state) {
    ObjectNode info =
        Json.object()
            .put("request_time", "2026-11-20T12:00:0" + n + "Z")
            .put("execution_duration", n + "s")
            .put("state", state)
            .put("client_request_id", "c" + n);
    info.putObject("trace_metadata").put("mlflow.trace.session", "s" + n);
    info.putObject("tags").put("mlflow.traceName", "turn-" + n);
    return info;
  }

  private List<JsonNode> search(String body) throws Exception {
    return asked
        .post(ROOT + "search", searchBody(body))
        .expect(200)
        .json()
        .path("trace_infos")
        .valueStream()
        .toList();
  }

  private static ObjectNode searchBody(String body) {
    ObjectNode json = (ObjectNode) Json.parse(body);
    json.put("sql_warehouse_id", Asked.WAREHOUSE);
    json.putArray("locations").add(Json.parse(place()));
    return json;
  }

  private static String place() {
    return "{\"type\":\"UC_TABLE_PREFIX\",\"uc_table_prefix\":{\"catalog_name\":\"main\","
        + "\"schema_name\":\"traces\",\"table_prefix\":\"ucode\"}}";
  }
}
