package dev.ucode.sandbox.otel;

import com.google.protobuf.ByteString;
import dev.ucode.sandbox.Asked;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.HexFormat;

/** Builds and sends OTLP export requests. */
public final class Export {
  /** The default state's spans table. */
  public static final String TABLE = "main.traces.ucode_otel_spans";

  /** 2026-11-20T12:00:00.123456789Z. */
  public static final long START = 1_795_176_000_123_456_789L;

  private Export() {}

  /** A span of two seconds in state OK. */
  public static Span.Builder span(String traceId, String spanId, String parentId, String name) {
    return Span.newBuilder()
        .setTraceId(bytes(traceId))
        .setSpanId(bytes(spanId))
        .setParentSpanId(bytes(parentId))
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
        .setStartTimeUnixNano(START)
        .setEndTimeUnixNano(START + 2_000_000_000L)
        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK));
  }

  /** A text attribute. */
  public static KeyValue attribute(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** One request of these spans. */
  public static ExportTraceServiceRequest request(Span.Builder... spans) {
    var request = ExportTraceServiceRequest.newBuilder();
    var scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return request.build();
  }

  /** Sends spans to the default table. */
  public static Asked.Answer send(Asked asked, Span.Builder... spans)
      throws IOException, InterruptedException {
    return send(asked, request(spans).toByteArray());
  }

  static Asked.Answer send(Asked asked, byte[] body) throws IOException, InterruptedException {
    return asked.send(request(asked, TABLE).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  static HttpRequest.Builder request(Asked asked, String table) {
    return asked
        .request("/api/2.0/otel/v1/traces", asked.sandbox().token())
        .header("Content-Type", "application/x-protobuf")
        .header("X-Databricks-UC-Table-Name", table);
  }

  static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
