package dev.ucode.sandbox.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/2.0/sql/statements}.
 *
 * @param statement the text
 * @param warehouse the warehouse's id
 * @param parameters named parameters, in the order given
 * @param patience how long the call waits for the end: zero, or 5 to 50 seconds
 * @param cancelAfterWait whether a statement that is not done by then is cancelled, else it goes on
 * @param rowLimit most rows to return; null for all
 */
record Submission(
    String statement,
    String warehouse,
    List<Parameter> parameters,
    Duration patience,
    boolean cancelAfterWait,
    @Nullable Long rowLimit) {

  private static final Pattern WAIT = Pattern.compile("(\\d{1,3})s");

  /**
   * A parameter.
   *
   * @param type Databricks type in upper case
   * @param value null for NULL
   */
  record Parameter(String name, String type, @Nullable String value) {}

  /**
   * Reads a body.
   *
   * @throws ApiException 400 where a field is missing, out of range, or not supported here
   */
  static Submission of(ObjectNode body) {
    String statement = Json.text(body, "statement", "");
    if (statement.isBlank()) {
      throw ApiException.invalid("Field 'statement' is required, expected non-default value");
    }
    String warehouse = Json.text(body, "warehouse_id", "");
    if (warehouse.isBlank()) {
      throw ApiException.invalid("Field 'warehouse_id' is required, expected non-default value");
    }
    oneOf(body, "disposition", "INLINE");
    oneOf(body, "format", "JSON_ARRAY");
    oneOf(body, "on_wait_timeout", "CONTINUE", "CANCEL");
    if (body.has("byte_limit")) {
      throw ApiException.invalid("byte_limit is not supported by the sandbox; use row_limit");
    }
    return new Submission(
        statement,
        warehouse,
        parameters(body.path("parameters")),
        waitTimeout(Json.text(body, "wait_timeout", "10s")),
        Json.text(body, "on_wait_timeout", "CONTINUE").equals("CANCEL"),
        rowLimit(body.path("row_limit")));
  }

  private static void oneOf(ObjectNode body, String field, String... supported) {
    String value = Json.text(body, field, supported[0]);
    if (!List.of(supported).contains(value)) {
      throw ApiException.invalid(
          "%s %s is not supported by the sandbox; supported: %s"
              .formatted(field, value, String.join(", ", supported)));
    }
  }

  private static Duration waitTimeout(String text) {
    Matcher matcher = WAIT.matcher(text);
    if (matcher.matches()) {
      int seconds = Integer.parseInt(matcher.group(1));
      if (seconds == 0 || (seconds >= 5 && seconds <= 50)) {
        return Duration.ofSeconds(seconds);
      }
    }
    throw ApiException.invalid(
        "wait_timeout must be 0 seconds (0s), or between 5 seconds (5s) and 50 seconds (50s); was "
            + text);
  }

  private static @Nullable Long rowLimit(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    long limit = node.asLong(-1);
    if (limit < 1) {
      throw ApiException.invalid("row_limit must be a positive number");
    }
    return limit;
  }

  private static List<Parameter> parameters(JsonNode list) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode node : list) {
      String name = Json.text(node, "name");
      if (name == null || name.isEmpty()) {
        throw ApiException.invalid("Every parameter needs a name");
      }
      String type = Json.text(node, "type", "STRING").toUpperCase(Locale.ROOT);
      JsonNode value = node.path("value");
      String text = value.isMissingNode() || value.isNull() ? null : value.asText();
      parameters.add(new Parameter(name, type, text));
    }
    return List.copyOf(parameters);
  }
}
