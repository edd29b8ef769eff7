package dev.ucode.sink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ucode.json.Json;
import dev.ucode.sink.wire.Otlp.Kind;
import dev.ucode.sink.wire.Otlp.Status;
import dev.ucode.sink.wire.Otlp.WireEvent;
import dev.ucode.sink.wire.Otlp.WireSpan;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The encoder against opentelemetry-proto's own classes, which know nothing of it. */
class OtlpTest {
  private static final TraceId TRACE = new TraceId("000102030405060708090a0b0c0d0e0f");
  private static final SpanId SPAN = new SpanId("00f1f2f3f4f5f6f7");

  @Property(tries = 500)
  void isByteForByteWhatProtobufWrites(
      @ForAll("spans") List<WireSpan> spans, @ForAll("attributes") Map<String, Json> resource)
      throws Exception {
    byte[] ours = Otlp.request(resource, "dev.ucode", "1.2", spans);
    ExportTraceServiceRequest expected = expected(resource, spans);
    assertThat(ExportTraceServiceRequest.parseFrom(ours)).isEqualTo(expected);
    assertThat(ours).isEqualTo(expected.toByteArray());
  }

  @Test
  void aMegabyteOfTextGrowsTheBuffer() throws Exception {
    String text = "ä".repeat(600_000);
    WireSpan span = span(Map.of("text", Json.of(text)));
    ExportTraceServiceRequest read =
        ExportTraceServiceRequest.parseFrom(Otlp.request(Map.of(), "s", "v", List.of(span)));
    assertThat(value(read).getStringValue()).isEqualTo(text);
  }

  @Test
  void whatIsNestedTooDeepForProtobufReadersIsText() throws Exception {
    Json deep = Json.of("bottom");
    for (int i = 0; i < 400; i++) {
      deep = i % 2 == 0 ? Json.array(deep) : Json.object().put("k", deep).build();
    }
    byte[] ours = Otlp.request(Map.of(), "s", "v", List.of(span(Map.of("deep", deep))));
    AnyValue value = value(ExportTraceServiceRequest.parseFrom(ours)); // refuses a hundred levels
    int levels = 1;
    while (!value.hasStringValue()) {
      levels++;
      value =
          value.hasArrayValue()
              ? value.getArrayValue().getValues(0)
              : value.getKvlistValue().getValues(0).getValue();
    }
    assertThat(levels).isEqualTo(Otlp.DEEPEST);
    assertThat(value.getStringValue()).startsWith("[{\"k\":").contains("\"bottom\"");
  }

  private static AnyValue value(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributes(0).getValue();
  }

  private static WireSpan span(Map<String, Json> attributes) {
    return new WireSpan(
        TRACE,
        SPAN,
        null,
        "n",
        Kind.INTERNAL,
        Instant.EPOCH,
        Instant.EPOCH,
        attributes,
        List.of(),
        Status.OK,
        "");
  }

  private static ExportTraceServiceRequest expected(
      Map<String, Json> resource, List<WireSpan> spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("dev.ucode").setVersion("1.2"));
    for (WireSpan span : spans) {
      Span.Builder out =
          Span.newBuilder()
              .setTraceId(bytes(span.trace().hex()))
              .setSpanId(bytes(span.id().hex()))
              .setName(utf8(span.name()))
              .setKindValue(span.kind() == Kind.CLIENT ? 3 : 1)
              .setStartTimeUnixNano(nanos(span.start()))
              .setEndTimeUnixNano(nanos(span.end()))
              .addAllAttributes(expected(span.attributes()));
      SpanId parent = span.parent();
      if (parent != null) {
        out.setParentSpanId(bytes(parent.hex()));
      }
      for (WireEvent event : span.events()) {
        out.addEvents(
            Span.Event.newBuilder()
                .setName(utf8(event.name()))
                .setTimeUnixNano(nanos(event.time()))
                .addAllAttributes(expected(event.attributes())));
      }
      out.getStatusBuilder()
          .setCodeValue(
              switch (span.status()) {
                case UNSET -> 0;
                case OK -> 1;
                case ERROR -> 2;
              })
          .setMessage(utf8(span.statusMessage()));
      scope.addSpans(out);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAllAttributes(expected(resource)))
                .addScopeSpans(scope))
        .build();
  }

  private static List<KeyValue> expected(Map<String, Json> attributes) {
    List<KeyValue> all = new ArrayList<>();
    attributes.forEach(
        (key, value) ->
            all.add(KeyValue.newBuilder().setKey(utf8(key)).setValue(expected(value)).build()));
    return all;
  }

  private static AnyValue expected(Json value) {
    AnyValue.Builder out = AnyValue.newBuilder();
    switch (value) {
      case Json.Str(String text) -> out.setStringValue(utf8(text));
      case Json.Bool(boolean truth) -> out.setBoolValue(truth);
      case Json.Num(String literal) -> {
        if (literal.matches("-?\\d+") && literal.length() < 19) {
          out.setIntValue(Long.parseLong(literal));
        } else {
          out.setDoubleValue(Double.parseDouble(literal));
        }
      }
      case Json.Arr(List<Json> items) -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        items.forEach(item -> array.addValues(expected(item)));
        out.setArrayValue(array);
      }
      case Json.Obj(Map<String, Json> members) ->
          out.setKvlistValue(KeyValueList.newBuilder().addAllValues(expected(members)));
      case Json.Null none -> {}
    }
    return out.build();
  }

  /** What Java's encoder makes of any text, lone surrogates too. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private static long nanos(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), (long) time.getNano());
  }

  @Provide
  Arbitrary<List<WireSpan>> spans() {
    Arbitrary<List<WireEvent>> events =
        Combinators.combine(texts(), times(), attributes()).as(WireEvent::new).list().ofMaxSize(2);
    return Combinators.combine(
            hex(32),
            hex(16),
            hex(16).optional(0.7),
            texts(),
            times(),
            attributes(),
            events,
            Arbitraries.of(Status.class))
        .as(
            (trace, id, parent, text, time, attributes, some, status) ->
                new WireSpan(
                    new TraceId(trace),
                    new SpanId(id),
                    parent.map(SpanId::new).orElse(null),
                    text,
                    text.length() % 2 == 0 ? Kind.CLIENT : Kind.INTERNAL,
                    time,
                    time.plusNanos(text.length()),
                    attributes,
                    some,
                    status,
                    text))
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<Map<String, Json>> attributes() {
    return Arbitraries.maps(texts(), values(3)).ofMaxSize(4).map(LinkedHashMap::new);
  }

  private Arbitrary<Json> values(int depth) {
    Arbitrary<Json> number =
        Arbitraries.of(
                "0",
                "-1",
                "1",
                "127",
                "128",
                "16384",
                "-9007199254740993",
                "999999999999999999",
                "1e3",
                "0.1",
                "-0.0",
                "1.7976931348623157e309",
                "123456789012345678901234567890")
            .map(Json.Num::new);
    Arbitrary<Json> leaf =
        Arbitraries.oneOf(
            List.of(
                texts().map(Json::of),
                number,
                Arbitraries.longs().between(-999_999_999_999L, 999_999_999_999L).map(Json::of),
                Arbitraries.of(true, false).map(Json::of),
                Arbitraries.just(Json.Null.NULL)));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Json> below = values(depth - 1);
    Arbitrary<Json> array = below.list().ofMaxSize(3).map(Json.Arr::new);
    Arbitrary<Json> object =
        Arbitraries.maps(texts(), below)
            .ofMaxSize(3)
            .map(m -> new Json.Obj(new LinkedHashMap<>(m)));
    return Arbitraries.oneOf(List.of(leaf, array, object));
  }

  private Arbitrary<String> texts() {
    return Arbitraries.strings().all().ofMaxLength(200);
  }

  private Arbitrary<String> hex(int length) {
    return Arbitraries.strings().withChars("0123456789abcdef").ofLength(length);
  }

  private Arbitrary<Instant> times() {
    return Arbitraries.longs()
        .between(0, 4_000_000_000_000_000_000L)
        .map(n -> Instant.ofEpochSecond(n / 1_000_000_000, n % 1_000_000_000));
  }
}
