package dev.ucode.sink.wire;

import dev.ucode.json.Json;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes an {@code ExportTraceServiceRequest} (opentelemetry-proto, {@code trace/v1/trace.proto}
 * and {@code common/v1/common.proto}).
 */
public final class Otlp {
  /**
   * How deep a JSON value is written as nested OTLP values. Each level of it is up to three
   * messages, and protobuf readers refuse a hundred; what lies deeper is written as its JSON text.
   */
  static final int DEEPEST = 20;

  private static final HexFormat HEX = HexFormat.of();

  private Otlp() {}

  /** Span kinds of the proto. */
  public enum Kind {
    INTERNAL(1),
    CLIENT(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  /** Status codes of the proto. */
  public enum Status {
    UNSET(0),
    OK(1),
    ERROR(2);

    private final int number;

    Status(int number) {
      this.number = number;
    }
  }

  /** A span as it goes over the wire. */
  public record WireSpan(
      TraceId trace,
      SpanId id,
      @Nullable SpanId parent,
      String name,
      Kind kind,
      Instant start,
      Instant end,
      Map<String, Json> attributes,
      List<WireEvent> events,
      Status status,
      String statusMessage) {}

  /** An event of a span. */
  public record WireEvent(String name, Instant time, Map<String, Json> attributes) {}

  /**
   * One request with one resource and one scope.
   *
   * @param resource attributes of the resource
   */
  public static byte[] request(
      Map<String, Json> resource, String scope, String scopeVersion, List<WireSpan> spans) {
    ProtoWriter out = new ProtoWriter();
    int request = out.mark();
    int scopeSpans = out.mark();
    for (int i = spans.size() - 1; i >= 0; i--) {
      span(out, spans.get(i));
    }
    int scopeMark = out.mark();
    out.text(2, scopeVersion);
    out.text(1, scope);
    out.message(1, scopeMark);
    out.message(2, scopeSpans);
    int resourceMark = out.mark();
    attributes(out, 1, resource);
    out.message(1, resourceMark);
    out.message(1, request);
    return out.toByteArray();
  }

  private static void span(ProtoWriter out, WireSpan span) {
    int mark = out.mark();
    int status = out.mark();
    if (span.status() != Status.UNSET) {
      out.varint(3, span.status().number);
    }
    out.text(2, span.statusMessage());
    out.message(15, status);
    for (int i = span.events().size() - 1; i >= 0; i--) {
      WireEvent event = span.events().get(i);
      int eventMark = out.mark();
      attributes(out, 3, event.attributes());
      out.text(2, event.name());
      out.plainFixed64(1, nanos(event.time()));
      out.message(11, eventMark);
    }
    attributes(out, 9, span.attributes());
    out.plainFixed64(8, nanos(span.end()));
    out.plainFixed64(7, nanos(span.start()));
    out.varint(6, span.kind().number);
    out.text(5, span.name());
    SpanId parent = span.parent();
    if (parent != null) {
      out.bytes(4, HEX.parseHex(parent.hex()));
    }
    out.bytes(2, HEX.parseHex(span.id().hex()));
    out.bytes(1, HEX.parseHex(span.trace().hex()));
    out.message(2, mark);
  }

  private static void attributes(ProtoWriter out, int field, Map<String, Json> attributes) {
    List<Map.Entry<String, Json>> entries = new ArrayList<>(attributes.entrySet());
    for (int i = entries.size() - 1; i >= 0; i--) {
      keyValue(out, field, entries.get(i).getKey(), entries.get(i).getValue(), 1);
    }
  }

  private static void keyValue(ProtoWriter out, int field, String key, Json value, int depth) {
    int mark = out.mark();
    int valueMark = out.mark();
    anyValue(out, value, depth);
    out.message(2, valueMark);
    out.text(1, key);
    out.message(field, mark);
  }

  /** The fields of an {@code AnyValue}; null is one without any. */
  private static void anyValue(ProtoWriter out, Json value, int depth) {
    switch (value) {
      case Json.Str(String text) -> out.string(1, text);
      case Json.Bool(boolean truth) -> out.varint(2, truth ? 1 : 0);
      case Json.Num(String literal) -> number(out, literal);
      case Json.Arr(List<Json> items) when depth < DEEPEST -> {
        int mark = out.mark();
        for (int i = items.size() - 1; i >= 0; i--) {
          int item = out.mark();
          anyValue(out, items.get(i), depth + 1);
          out.message(1, item);
        }
        out.message(5, mark);
      }
      case Json.Obj(Map<String, Json> members) when depth < DEEPEST -> {
        int mark = out.mark();
        List<Map.Entry<String, Json>> entries = new ArrayList<>(members.entrySet());
        for (int i = entries.size() - 1; i >= 0; i--) {
          keyValue(out, 1, entries.get(i).getKey(), entries.get(i).getValue(), depth + 1);
        }
        out.message(6, mark);
      }
      case Json.Arr deep -> out.string(1, deep.write());
      case Json.Obj deep -> out.string(1, deep.write());
      case Json.Null none -> {}
    }
  }

  /** A whole number of 64 bits stays one; anything else is the nearest double. */
  private static void number(ProtoWriter out, String literal) {
    try {
      out.varint(3, Long.parseLong(literal));
    } catch (NumberFormatException notWhole) {
      out.fixed64(4, Double.doubleToRawLongBits(Double.parseDouble(literal)));
    }
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
