package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a spans table as OTLP spans in proto3 JSON with the proto's snake_case names: ids base64,
 * 64-bit integers as strings, enums by name, unset fields left out.
 */
final class SpanJson {
  private final boolean older;

  /**
   * @param older whether the rows are of the older form, where every attribute is a text: one that
   *     is a JSON object or array is taken for that
   */
  SpanJson(boolean older) {
    this.older = older;
  }

  /** The span of the row that the result stands on. */
  ObjectNode span(ResultSet row) throws SQLException {
    ObjectNode span = Json.object();
    span.put("trace_id", base64(row.getString("trace_id")));
    span.put("span_id", base64(row.getString("span_id")));
    text(span, "trace_state", row.getString("trace_state"));
    text(span, "parent_span_id", base64(row.getString("parent_span_id")));
    number(span, "flags", row.getInt("flags"));
    span.put("name", row.getString("name"));
    if (!row.getString("kind").equals("SPAN_KIND_UNSPECIFIED")) {
      span.put("kind", row.getString("kind"));
    }
    span.put("start_time_unix_nano", row.getString("start_time_unix_nano"));
    span.put("end_time_unix_nano", row.getString("end_time_unix_nano"));
    span.set("attributes", attributes(Json.parse(row.getString("attributes"))));
    number(span, "dropped_attributes_count", row.getInt("dropped_attributes_count"));
    ArrayNode events = span.putArray("events");
    for (JsonNode event : Json.parse(row.getString("events"))) {
      events.add(event(event));
    }
    number(span, "dropped_events_count", row.getInt("dropped_events_count"));
    ArrayNode links = span.putArray("links");
    for (JsonNode link : Json.parse(row.getString("links"))) {
      links.add(link(link));
    }
    number(span, "dropped_links_count", row.getInt("dropped_links_count"));
    JsonNode status = Json.parse(row.getString("status"));
    ObjectNode statusJson = span.putObject("status");
    text(statusJson, "message", Json.text(status, "message"));
    if (!Json.text(status, "code", "").equals("STATUS_CODE_UNSET")) {
      text(statusJson, "code", Json.text(status, "code"));
    }
    return span;
  }

  private ObjectNode event(JsonNode event) {
    ObjectNode json = Json.object();
    json.put("time_unix_nano", event.path("time_unix_nano").asText());
    json.put("name", event.path("name").asText());
    json.set("attributes", attributes(event.path("attributes")));
    number(json, "dropped_attributes_count", event.path("dropped_attributes_count").asInt());
    return json;
  }

  private ObjectNode link(JsonNode link) {
    ObjectNode json = Json.object();
    json.put("trace_id", base64(link.path("trace_id").asText()));
    json.put("span_id", base64(link.path("span_id").asText()));
    text(json, "trace_state", Json.text(link, "trace_state"));
    json.set("attributes", attributes(link.path("attributes")));
    number(json, "dropped_attributes_count", link.path("dropped_attributes_count").asInt());
    number(json, "flags", link.path("flags").asInt());
    return json;
  }

  private ArrayNode attributes(JsonNode object) {
    ArrayNode list = Json.array();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      ObjectNode one = list.addObject().put("key", member.getKey());
      one.set("value", value(member.getValue()));
    }
    return list;
  }

  private ObjectNode value(JsonNode value) {
    ObjectNode json = Json.object();
    if (value.isTextual()) {
      JsonNode parsed = older ? container(value.textValue()) : null;
      if (parsed != null) {
        return value(parsed);
      }
      json.put("string_value", value.textValue());
    } else if (value.isBoolean()) {
      json.put("bool_value", value.booleanValue());
    } else if (value.isIntegralNumber()) {
      json.put("int_value", value.asText());
    } else if (value.isNumber()) {
      json.put("double_value", value.doubleValue());
    } else if (value.isArray()) {
      ArrayNode values = json.putObject("array_value").putArray("values");
      value.forEach(item -> values.add(value(item)));
    } else if (value.isObject()) {
      json.putObject("kvlist_value").set("values", attributes(value));
    }
    return json;
  }

  private static @Nullable JsonNode container(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return null;
    }
    try {
      JsonNode parsed = Json.parse(text);
      return parsed.isContainerNode() ? parsed : null;
    } catch (ApiException plainText) {
      return null;
    }
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static void text(ObjectNode json, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      json.put(name, value);
    }
  }

  private static void number(ObjectNode json, String name, int value) {
    if (value != 0) {
      json.put(name, value);
    }
  }
}
