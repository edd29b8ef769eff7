package dev.ucode.sandbox.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtlpRoutesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String CHILD = "00f067aa0ba902b7";
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
  void everyColumnIsFilledAsThePlatformDocumentsIt() throws Exception {
    var request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder().setSchemaUrl("https://schema/r");
    resource.getResourceBuilder().addAttributes(Export.attribute("service.name", "claude"));
    var scope = resource.addScopeSpansBuilder().setSchemaUrl("https://schema/s");
    scope.getScopeBuilder().setName("ucode").setVersion("1");
    AnyValue list =
        AnyValue.newBuilder()
            .setKvlistValue(
                KeyValueList.newBuilder()
                    .addValues(
                        Export.attribute(
                            "xs",
                            AnyValue.newBuilder()
                                .setArrayValue(
                                    ArrayValue.newBuilder()
                                        .addValues(AnyValue.newBuilder().setIntValue(1L << 60))
                                        .addValues(AnyValue.newBuilder().setDoubleValue(0.5))
                                        .addValues(AnyValue.getDefaultInstance()))
                                .build())))
            .build();
    scope.addSpans(
        Export.span(TRACE, CHILD, SPAN, "llm")
            .setTraceState("a=b")
            .setFlags(257)
            .addAttributes(Export.attribute("mlflow.spanType", "LLM"))
            .addAttributes(Export.attribute("mlflow.spanInputs", list))
            .addAttributes(Export.attribute("ok", AnyValue.newBuilder().setBoolValue(true).build()))
            .addAttributes(
                Export.attribute("nan", AnyValue.newBuilder().setDoubleValue(Double.NaN).build()))
            .addAttributes(
                Export.attribute(
                    "raw", AnyValue.newBuilder().setBytesValue(Export.bytes("ff00")).build()))
            .addEvents(
                Span.Event.newBuilder()
                    .setName("retry")
                    .setTimeUnixNano(Export.START)
                    .addAttributes(Export.attribute("n", "1")))
            .addLinks(
                Span.Link.newBuilder()
                    .setTraceId(Export.bytes(TRACE))
                    .setSpanId(Export.bytes(SPAN))));
    Export.send(asked, request.build().toByteArray()).expect(200);
    assertThat(
            asked.column(
                "SELECT concat_ws('|', length(record_id), time, date, service_name, trace_id,"
                    + " span_id, trace_state, parent_span_id, flags, name, kind,"
                    + " start_time_unix_nano, end_time_unix_nano, dropped_attributes_count, status,"
                    + " resource, resource_schema_url, instrumentation_scope, span_schema_url) FROM"
                    + " \""
                    + Export.TABLE
                    + "\""))
        .containsExactly(
            "36|1795176000123456|2026-11-20|claude|"
                + TRACE
                + "|"
                + CHILD
                + "|a=b|"
                + SPAN
                + "|257|llm|SPAN_KIND_INTERNAL|1795176000123456789|1795176002123456789|0"
                + "|{\"message\":\"\",\"code\":\"STATUS_CODE_OK\"}"
                + "|{\"attributes\":{\"service.name\":\"claude\"},\"dropped_attributes_count\":0}"
                + "|https://schema/r|{\"name\":\"ucode\",\"version\":\"1\",\"attributes\":{},"
                + "\"dropped_attributes_count\":0}|https://schema/s");
    assertThat(asked.column("SELECT attributes FROM \"" + Export.TABLE + "\""))
        .containsExactly(
            "{\"mlflow.spanType\":\"LLM\",\"mlflow.spanInputs\":{\"xs\":[1152921504606846976,0.5,"
                + "null]},\"ok\":true,\"nan\":\"NaN\",\"raw\":\"/wA=\"}");
    assertThat(asked.column("SELECT events || links FROM \"" + Export.TABLE + "\""))
        .containsExactly(
            "[{\"time_unix_nano\":1795176000123456789,\"name\":\"retry\",\"attributes\":{\"n\":"
                + "\"1\"},\"dropped_attributes_count\":0}][{\"trace_id\":\""
                + TRACE
                + "\",\"span_id\":\""
                + SPAN
                + "\",\"trace_state\":\"\",\"attributes\":{},\"dropped_attributes_count\":0,"
                + "\"flags\":0}]");
  }

  @Test
  void nothingIsDeduplicated() throws Exception {
    Span.Builder span = Export.span(TRACE, SPAN, "", "root");
    assertThat(Export.send(asked, span).expect(200).json()).isEmpty();
    Export.send(asked, span).expect(200);
    assertThat(asked.column("SELECT record_id FROM \"" + Export.TABLE + "\""))
        .hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(asked.column("SELECT count(*) FROM \"main.traces.ucode_trace_unified\""))
        .containsExactly("1");
  }

  @Test
  void gzipIsAccepted() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      Export.request(Export.span(TRACE, SPAN, "", "root")).writeTo(out);
    }
    asked
        .send(
            Export.request(asked, Export.TABLE)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray())))
        .expect(200);
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).containsExactly("root");
  }

  @Test
  void badSpansAreCountedAndTheRestIsKept() throws Exception {
    var answer =
        Export.send(
                asked,
                Export.span(TRACE, SPAN, "", "root"),
                Export.span("00".repeat(16), CHILD, "", "zero trace id"),
                Export.span(TRACE, "0102", "", "short span id"),
                Export.span(TRACE, CHILD, "", ""))
            .expect(200);
    assertThat(answer.json().path("partialSuccess").path("rejectedSpans").asText()).isEqualTo("3");
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).containsExactly("root");
  }

  @Test
  void aClientThatAsksForProtobufGetsIt() throws Exception {
    var answer =
        asked
            .send(
                Export.request(asked, Export.TABLE)
                    .header("Accept", "application/x-protobuf")
                    .POST(
                        HttpRequest.BodyPublishers.ofByteArray(
                            Export.request(Export.span(TRACE, SPAN, "", "")).toByteArray())))
            .expect(200);
    var partial = ExportTraceServiceResponse.parseFrom(answer.raw().body()).getPartialSuccess();
    assertThat(partial.getRejectedSpans()).isEqualTo(1);
    assertThat(partial.getErrorMessage()).isEqualTo("name must not be empty");
  }

  @Test
  void theTableMustExistAndBeOneOfSpans() throws Exception {
    byte[] body = Export.request(Export.span(TRACE, SPAN, "", "root")).toByteArray();
    for (String table :
        new String[] {
          "main.traces.nothing_otel_spans", "experiment", "main.traces.ucode_trace_unified"
        }) {
      assertThat(
              asked
                  .send(
                      Export.request(asked, table)
                          .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                  .expect(404)
                  .error())
          .isEqualTo("NOT_FOUND");
    }
    asked
        .send(
            Export.request(asked, "main.traces.ucode_otel_annotations")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
        .expect(400);
    asked
        .send(
            asked
                .request("/api/2.0/otel/v1/traces", asked.sandbox().token())
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
        .expect(400);
  }

  @Test
  void anEmptyRequestProvesThePathAndLeavesNoRow() throws Exception {
    Export.send(asked, new byte[0]).expect(200);
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).isEmpty();
  }

  @Test
  void otherFormatsAndDamagedBodiesAreRefused() throws Exception {
    asked
        .send(
            asked
                .request("/api/2.0/otel/v1/traces", asked.sandbox().token())
                .header("Content-Type", "application/json")
                .header("X-Databricks-UC-Table-Name", Export.TABLE)
                .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .expect(415);
    Export.send(asked, new byte[] {1, 2, 3}).expect(400);
    asked
        .send(
            Export.request(asked, Export.TABLE)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3})))
        .expect(400);
    byte[] large = new byte[OtlpRoutes.MAX_REQUEST_BYTES + 1];
    new Random(1).nextBytes(large);
    Export.send(asked, large).expect(413);
  }

  @Test
  void writingNeedsThePermission() throws Exception {
    var answer =
        asked
            .send(
                asked
                    .request("/api/2.0/otel/v1/traces", asked.strangerToken())
                    .header("Content-Type", "application/x-protobuf")
                    .header("X-Databricks-UC-Table-Name", Export.TABLE)
                    .POST(HttpRequest.BodyPublishers.noBody()))
            .expect(403);
    assertThat(answer.json().path("message").asText()).contains("MODIFY");
  }

  @Test
  void theOlderTableHasTextsForAttributes() throws Exception {
    asked
        .post(
            "/api/4.0/mlflow/traces/location",
            "{\"uc_schema\":{\"catalog_name\":\"main\",\"schema_name\":\"traces\"}}")
        .expect(200);
    var body =
        Export.request(
                Export.span(TRACE, SPAN, "", "root")
                    .addAttributes(Export.attribute("text", "a"))
                    .addAttributes(
                        Export.attribute("n", AnyValue.newBuilder().setIntValue(7).build())))
            .toByteArray();
    asked
        .send(
            Export.request(asked, "main.traces.mlflow_experiment_trace_otel_spans")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
        .expect(200);
    String attributes =
        asked
            .column("SELECT attributes FROM \"main.traces.mlflow_experiment_trace_otel_spans\"")
            .getFirst();
    assertThat(Json.parse(attributes)).isEqualTo(Json.parse("{\"text\":\"a\",\"n\":\"7\"}"));
  }
}
