package dev.ucode.parity;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Traces with everything that readers stumble over: both exporters' ways to write token usage,
 * copies, errors, missing and odd attributes, text outside ASCII, several days, equal times.
 */
final class SampleTraces {
  /** 2026-11-20T12:00:00Z in nanoseconds. */
  private static final long NOON = 1_795_176_000_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private final List<Span.Builder> spans = new ArrayList<>();

  private SampleTraces() {}

  /** The export requests, each as it would come from an exporter. */
  static List<ExportTraceServiceRequest> requests() {
    SampleTraces samples = new SampleTraces();
    for (int trace = 1; trace <= 30; trace++) {
      samples.trace(trace);
    }
    samples.oddities();
    List<ExportTraceServiceRequest> requests = new ArrayList<>();
    requests.add(request(samples.spans));
    // A request that was sent again after a cut: copies of whole traces and of single spans.
    requests.add(request(samples.spans.subList(0, 12)));
    requests.add(request(samples.spans.subList(5, 6)));
    return requests;
  }

  /** The id of the trace of this number: 32 hexadecimal digits. */
  static String traceId(int trace) {
    return HexFormat.of().toHexDigits(0xabc0_0000_0000_0000L + trace).repeat(2);
  }

  /** The session of the trace of this number; three turns make a session. */
  static String session(int trace) {
    return "session-" + trace / 3;
  }

  private void trace(int number) {
    long start = NOON + number * 3L * 3600 * SECOND + number * 1_234_567L;
    span(number, 1, 0, "claude_code_conversation", start, 40 * SECOND + number)
        .addAttributes(string("mlflow.spanType", "AGENT"))
        .addAttributes(string("session.id", session(number)))
        .addAttributes(string("mlflow.spanInputs", "{\"prompt\":\"héllo 世界 🎉\"}"));
    for (int call = 0; call < number % 5 + 1; call++) {
      Span.Builder llm =
          span(
                  number,
                  10 + call,
                  1,
                  "llm",
                  start + call * SECOND,
                  (call * 7L + number) * 11_000_000L)
              .addAttributes(string("mlflow.spanType", "LLM"));
      switch ((number + call) % 4) {
        case 0 ->
            llm.addAttributes(string("mlflow.llm.model", "claude-opus-4-8"))
                .addAttributes(
                    map(
                        "mlflow.chat.tokenUsage",
                        number("input_tokens", 100 + number),
                        number("output_tokens", 10),
                        number("cache_read_input_tokens", 9000),
                        number("cache_creation_input_tokens", 600)));
        case 1 ->
            llm.addAttributes(string("model", "claude-sonnet-5"))
                .addAttributes(
                    map(
                        "mlflow.chat.tokenUsage",
                        number("input_tokens", 50),
                        number("output_tokens", 5)));
        case 2 ->
            llm.addAttributes(string("mlflow.llm.model", "claude-haiku-4-5"))
                .addAttributes(
                    string(
                        "mlflow.chat.tokenUsage", "{\"input_tokens\": 7, \"output_tokens\": 3.0}"));
        default -> llm.addAttributes(string("mlflow.chat.tokenUsage", "not JSON"));
      }
    }
    for (int tool = 0; tool < number % 3 + 1; tool++) {
      boolean fails = (number + tool) % 4 == 0;
      span(
              number,
              20 + tool,
              1,
              tool == 1 ? "tool_Write" : "tool_Bash",
              start + 2 * SECOND,
              (number * 13L + tool) % 17 * 999_999_999L / 10)
          .addAttributes(string("mlflow.spanType", "TOOL"))
          .setStatus(
              fails
                  ? Status.newBuilder()
                      .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                      .setMessage("Exit code 3\noops")
                      .build()
                  : Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK).build());
    }
  }

  private void oddities() {
    // A trace whose root has not arrived, and one whose root has no attributes at all.
    span(90, 2, 1, "llm", NOON + 9 * DAY, SECOND).addAttributes(string("mlflow.spanType", "LLM"));
    span(91, 1, 0, "claude_code_conversation", NOON + 9 * DAY, 0);
    // Types other than the usual ones under the usual names.
    span(92, 1, 0, "odd", NOON + 9 * DAY, SECOND)
        .addAttributes(number("mlflow.spanType", 7))
        .addAttributes(number("session.id", 12345678901234L))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("model")
                .setValue(AnyValue.newBuilder().setBoolValue(true)))
        .addAttributes(string("ucode.canary", "marked"));
    span(92, 3, 1, "llm", NOON + 9 * DAY, SECOND)
        .addAttributes(string("mlflow.spanType", "CHAT_MODEL"))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("model")
                .setValue(AnyValue.newBuilder().setDoubleValue(1.5)))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("mlflow.chat.tokenUsage")
                .setValue(
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setIntValue(1)))));
    span(92, 4, 1, "llm", NOON + 9 * DAY, SECOND)
        .addAttributes(string("mlflow.spanType", "LLM"))
        .addAttributes(string("mlflow.llm.model", "𝔘nicode \"quoted\" 'model'\\"))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("mlflow.chat.tokenUsage")
                .setValue(
                    AnyValue.newBuilder()
                        .setKvlistValue(
                            KeyValueList.newBuilder()
                                .addValues(string("input_tokens", "42"))
                                .addValues(
                                    KeyValue.newBuilder()
                                        .setKey("output_tokens")
                                        .setValue(AnyValue.newBuilder().setDoubleValue(12.9))))));
    span(93, 1, 0, "", NOON + 9 * DAY, SECOND).addAttributes(string("session.id", ""));
  }

  private Span.Builder span(
      int trace, int span, int parent, String name, long start, long duration) {
    Span.Builder builder =
        Span.newBuilder()
            .setTraceId(ByteString.fromHex(traceId(trace)))
            .setSpanId(spanId(trace, span))
            .setParentSpanId(parent == 0 ? ByteString.EMPTY : spanId(trace, parent))
            .setName(name)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + duration)
            .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK));
    spans.add(builder);
    return builder;
  }

  private static ByteString spanId(int trace, int span) {
    return ByteString.fromHex(HexFormat.of().toHexDigits(trace * 1000L + span));
  }

  private static ExportTraceServiceRequest request(List<Span.Builder> spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    spans.forEach(span -> scope.addSpans(span.build()));
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  private static KeyValue string(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static KeyValue map(String key, KeyValue... values) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(
            AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addAllValues(List.of(values))))
        .build();
  }
}
