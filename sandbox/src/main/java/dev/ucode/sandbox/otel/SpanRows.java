package dev.ucode.sandbox.otel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.ucode.sandbox.http.Json;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns OTLP spans into rows of a spans table. */
final class SpanRows {
  private final boolean older;
  private final Function<List<KeyValue>, ObjectNode> attributes;

  /**
   * @param older whether the table has the older columns
   */
  SpanRows(boolean older) {
    this.older = older;
    this.attributes = older ? AttributeJson::map : AttributeJson::variant;
  }

  /** Why a span cannot be stored, or null where it can. */
  static @Nullable String fault(Span span) {
    if (!isId(span.getTraceId(), 16)) {
      return "trace_id must be 16 bytes and not all zero";
    }
    if (!isId(span.getSpanId(), 8)) {
      return "span_id must be 8 bytes and not all zero";
    }
    if (!span.getParentSpanId().isEmpty() && span.getParentSpanId().size() != 8) {
      return "parent_span_id must be 8 bytes or empty";
    }
    return span.getName().isEmpty() ? "name must not be empty" : null;
  }

  private static boolean isId(ByteString id, int length) {
    if (id.size() != length) {
      return false;
    }
    for (byte b : id) {
      if (b != 0) {
        return true;
      }
    }
    return false;
  }

  /** The row of a span. */
  Map<String, @Nullable Object> row(ResourceSpans resourceSpans, ScopeSpans scope, Span span) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    if (!older) {
      Instant start = Instant.ofEpochSecond(0, span.getStartTimeUnixNano());
      row.put("record_id", UUID.randomUUID().toString());
      row.put("time", Math.floorDiv(span.getStartTimeUnixNano(), 1000L));
      row.put("date", start.atOffset(ZoneOffset.UTC).toLocalDate().toString());
      row.put("service_name", serviceName(resourceSpans.getResource()));
    }
    row.put("trace_id", hex(span.getTraceId()));
    row.put("span_id", hex(span.getSpanId()));
    row.put("trace_state", span.getTraceState());
    row.put("parent_span_id", hex(span.getParentSpanId()));
    row.put("flags", span.getFlags());
    row.put("name", span.getName());
    row.put("kind", span.getKind().name());
    row.put("start_time_unix_nano", span.getStartTimeUnixNano());
    row.put("end_time_unix_nano", span.getEndTimeUnixNano());
    row.put("attributes", Json.write(attributes.apply(span.getAttributesList())));
    row.put("dropped_attributes_count", span.getDroppedAttributesCount());
    row.put("events", Json.write(events(span)));
    row.put("dropped_events_count", span.getDroppedEventsCount());
    row.put("links", Json.write(links(span)));
    row.put("dropped_links_count", span.getDroppedLinksCount());
    row.put("status", Json.write(status(span.getStatus())));
    row.put("resource", Json.write(resource(resourceSpans.getResource())));
    row.put("resource_schema_url", resourceSpans.getSchemaUrl());
    row.put("instrumentation_scope", Json.write(scope(scope.getScope())));
    row.put("span_schema_url", scope.getSchemaUrl());
    return row;
  }

  private static @Nullable String serviceName(Resource resource) {
    for (KeyValue attribute : resource.getAttributesList()) {
      if (attribute.getKey().equals("service.name")) {
        return attribute.getValue().getStringValue();
      }
    }
    return null;
  }

  private ArrayNode events(Span span) {
    ArrayNode events = Json.array();
    for (Span.Event event : span.getEventsList()) {
      ObjectNode one = events.addObject();
      one.put("time_unix_nano", event.getTimeUnixNano()).put("name", event.getName());
      one.set("attributes", attributes.apply(event.getAttributesList()));
      one.put("dropped_attributes_count", event.getDroppedAttributesCount());
    }
    return events;
  }

  private ArrayNode links(Span span) {
    ArrayNode links = Json.array();
    for (Span.Link link : span.getLinksList()) {
      ObjectNode one = links.addObject();
      one.put("trace_id", hex(link.getTraceId())).put("span_id", hex(link.getSpanId()));
      one.put("trace_state", link.getTraceState());
      one.set("attributes", attributes.apply(link.getAttributesList()));
      one.put("dropped_attributes_count", link.getDroppedAttributesCount());
      one.put("flags", link.getFlags());
    }
    return links;
  }

  private static ObjectNode status(Status status) {
    return Json.object().put("message", status.getMessage()).put("code", status.getCode().name());
  }

  private ObjectNode resource(Resource resource) {
    ObjectNode json = Json.object();
    json.set("attributes", attributes.apply(resource.getAttributesList()));
    return json.put("dropped_attributes_count", resource.getDroppedAttributesCount());
  }

  private ObjectNode scope(InstrumentationScope scope) {
    ObjectNode json = Json.object().put("name", scope.getName()).put("version", scope.getVersion());
    json.set("attributes", attributes.apply(scope.getAttributesList()));
    return json.put("dropped_attributes_count", scope.getDroppedAttributesCount());
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
