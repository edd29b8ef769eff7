package dev.ucode.sandbox.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON trees, in and out. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /** A new, empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A new, empty array. */
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /**
   * Reads a value; the empty text is an empty object, as a body-less POST is.
   *
   * @throws ApiException 400 {@code MALFORMED_REQUEST} where the text is not one JSON value
   */
  public static JsonNode parse(byte[] utf8) {
    return parse(new String(utf8, StandardCharsets.UTF_8));
  }

  /**
   * Reads a value; the empty text is an empty object.
   *
   * @throws ApiException 400 {@code MALFORMED_REQUEST} where the text is not one JSON value
   */
  public static JsonNode parse(String text) {
    if (text.isBlank()) {
      return object();
    }
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ApiException(
          400, "MALFORMED_REQUEST", "Could not parse request object: " + e.getOriginalMessage());
    }
  }

  /** Compact JSON text. */
  public static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (IOException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  /** The string at that name, or null where it is absent or no string. */
  public static @Nullable String text(JsonNode node, String name) {
    JsonNode found = node.get(name);
    return found != null && found.isTextual() ? found.textValue() : null;
  }

  /** The string at that name, or the given one. */
  public static String text(JsonNode node, String name, String otherwise) {
    String found = text(node, name);
    return found == null ? otherwise : found;
  }
}
