package dev.ucode.sandbox.otel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ucode.sandbox.http.Json;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.List;

/** OTLP attribute lists as the JSON that VARIANT and MAP columns hold; see TABLES.md. */
final class AttributeJson {
  private AttributeJson() {}

  /** An object from key to typed value; of a key sent twice the last value counts. */
  static ObjectNode variant(List<KeyValue> attributes) {
    ObjectNode object = Json.object();
    for (KeyValue attribute : attributes) {
      object.set(attribute.getKey(), value(attribute.getValue()));
    }
    return object;
  }

  /** An object from key to text, as {@code MAP<STRING, STRING>}: what is no string as its JSON. */
  static ObjectNode map(List<KeyValue> attributes) {
    ObjectNode object = Json.object();
    for (KeyValue attribute : attributes) {
      JsonNode value = value(attribute.getValue());
      object.put(attribute.getKey(), value.isTextual() ? value.textValue() : Json.write(value));
    }
    return object;
  }

  private static JsonNode value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> TextNode.valueOf(value.getStringValue());
      case BOOL_VALUE -> BooleanNode.valueOf(value.getBoolValue());
      case INT_VALUE -> LongNode.valueOf(value.getIntValue());
      case DOUBLE_VALUE ->
          // JSON has no words for NaN and the infinities.
          Double.isFinite(value.getDoubleValue())
              ? DoubleNode.valueOf(value.getDoubleValue())
              : TextNode.valueOf(Double.toString(value.getDoubleValue()));
      case ARRAY_VALUE -> {
        ArrayNode array = Json.array();
        value.getArrayValue().getValuesList().forEach(item -> array.add(value(item)));
        yield array;
      }
      case KVLIST_VALUE -> variant(value.getKvlistValue().getValuesList());
      case BYTES_VALUE ->
          TextNode.valueOf(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
      default -> NullNode.getInstance();
    };
  }
}
