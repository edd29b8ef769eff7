package dev.ucode.sandbox.uc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.otel.Export;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceViewsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String BASE = "/api/4.0/mlflow/traces/main.traces.ucode/" + TRACE;
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder);
    Export.send(
            asked,
            Export.span(TRACE, "0000000000000002", "0000000000000001", "llm"),
            Export.span(TRACE, "0000000000000001", "", "root")
                .addAttributes(Export.attribute("mlflow.spanInputs", "{\"prompt\":\"hi\"}"))
                .addAttributes(Export.attribute("mlflow.spanOutputs", "done"))
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR)))
        .expect(200);
    asked
        .post(
            BASE + "/info",
            "{\"request_time\":\"2026-11-20T12:00:00.123Z\",\"state\":\"ERROR\","
                + "\"client_request_id\":\"c1\",\"request_preview\":\"hi\","
                + "\"trace_metadata\":{\"mlflow.trace.session\":\"s1\"},"
                + "\"tags\":{\"a.b\":\"1\",\"gone\":\"x\"}}")
        .expect(200);
    asked.patch(BASE + "/tags", "{\"key\":\"a.b\",\"value\":\"2\"}").expect(200);
    asked.delete(BASE + "/tags/gone?sql_warehouse_id=" + Asked.WAREHOUSE).expect(200);
    asked
        .post(
            BASE + "/assessments?sql_warehouse_id=" + Asked.WAREHOUSE,
            "{\"assessment_name\":\"good\",\"source\":{\"source_type\":\"HUMAN\",\"source_id\":"
                + "\"me\"},\"feedback\":{\"value\":true},\"rationale\":\"r\",\"metadata\":{\"k\":"
                + "\"v\"}}")
        .expect(200);
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void theUnifiedViewHasOneRowPerTrace() throws Exception {
    assertThat(
            asked.column(
                "SELECT concat_ws('|', trace_id, client_request_id, request_time, state,"
                    + " execution_duration_ms, request, response, trace_metadata, tags) FROM"
                    + " \"main.traces.ucode_trace_unified\""))
        .containsExactly(
            TRACE
                + "|c1|1795176000123456|ERROR|2000.0|{\"prompt\":\"hi\"}|done"
                + "|{\"mlflow.trace.session\":\"s1\"}|{\"a.b\":\"2\"}");
    assertThat(
            asked.column(
                "SELECT s.value ->> '$.name' FROM \"main.traces.ucode_trace_unified\" u,"
                    + " json_each(u.spans) s"))
        .containsExactly("llm", "root");
  }

  @Test
  void theMetadataViewHasTheLiveAnnotations() throws Exception {
    assertThat(
            asked.column(
                "SELECT trace_id || client_request_id || tags || trace_metadata FROM"
                    + " \"main.traces.ucode_trace_metadata\""))
        .containsExactly(TRACE + "c1{\"a.b\":\"2\"}{\"mlflow.trace.session\":\"s1\"}");
    var assessment =
        Json.parse(
                asked
                    .column("SELECT assessments FROM \"main.traces.ucode_trace_metadata\"")
                    .getFirst())
            .get(0);
    assertThat(assessment.path("assessment_name").asText()).isEqualTo("good");
    assertThat(assessment.path("source"))
        .hasToString("{\"source_id\":\"me\",\"source_type\":\"HUMAN\"}");
    assertThat(assessment.path("feedback")).hasToString("{\"value\":true}");
    assertThat(assessment.path("metadata")).hasToString("{\"k\":\"v\"}");
    assertThat(assessment.path("rationale").asText()).isEqualTo("r");
    assertThat(assessment.path("valid").asBoolean()).isTrue();
  }

  @Test
  void theAnnotationsTableIsAppendOnly() throws Exception {
    assertThat(
            asked.column(
                "SELECT concat_ws(' ', annotation_type, name, value, deleted_at IS NOT NULL) FROM"
                    + " \"main.traces.ucode_otel_annotations\" WHERE annotation_type = 'TAG' ORDER"
                    + " BY rowid"))
        .containsExactly(
            "TAG a.b \"1\" 0", "TAG gone \"x\" 0", "TAG a.b \"2\" 0", "TAG gone \"x\" 1");
  }
}
