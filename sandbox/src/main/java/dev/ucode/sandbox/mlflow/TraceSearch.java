package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.TraceLocation;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters, orders and pages traces. */
final class TraceSearch {
  private static final int MAX_PAGE = 500;
  private static final int DEFAULT_PAGE = 100;

  private TraceSearch() {}

  /**
   * The page that a search request asks for.
   *
   * @param body {@code filter, max_results, page_token, order_by}
   * @throws ApiException 400 where something of it cannot be understood
   */
  static Page<ObjectNode> run(Connection connection, List<TraceStore> stores, JsonNode body)
      throws SQLException {
    int size = body.path("max_results").asInt(DEFAULT_PAGE);
    if (size < 1 || size > MAX_PAGE) {
      throw ApiException.invalid(
          "Invalid value for 'max_results': must be between 1 and " + MAX_PAGE + ".");
    }
    List<Filter.Condition> conditions = Filter.parse(Json.text(body, "filter")).conditions();
    List<Filter.Condition> onSpans =
        conditions.stream().filter(condition -> condition.entity().equals("span")).toList();
    List<ObjectNode> found = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (TraceStore store : stores) {
      if (!seen.add(store.key())) {
        continue;
      }
      Set<String> bySpan = onSpans.isEmpty() ? null : tracesWithSpan(connection, store, onSpans);
      for (ObjectNode info : TraceInfos.read(connection, store, null)) {
        if (conditions.stream().allMatch(condition -> test(info, condition))
            && (bySpan == null || bySpan.contains(info.path("trace_id").asText()))) {
          found.add(info);
        }
      }
    }
    found.sort(order(body));
    return Page.of(found, size, Json.text(body, "page_token"));
  }

  private static boolean test(ObjectNode info, Filter.Condition condition) {
    return switch (condition.entity()) {
      case "", "trace", "traces", "attribute", "attributes", "attr" -> attribute(info, condition);
      case "tag", "tags" -> condition.test(Json.text(info.path("tags"), condition.name()));
      case "metadata", "request_metadata", "trace_metadata" ->
          condition.test(Json.text(info.path("trace_metadata"), condition.name()));
      case "feedback", "expectation", "assessment", "assessments" -> assessment(info, condition);
      case "span" -> true; // looked up in the spans table
      default -> throw unknown(condition);
    };
  }

  private static boolean attribute(ObjectNode info, Filter.Condition condition) {
    return switch (condition.name().toLowerCase(Locale.ROOT)) {
      case "status", "state" -> condition.test(Json.text(info, "state"));
      case "timestamp", "timestamp_ms", "request_time" -> condition.test(timestamp(info));
      case "execution_time", "execution_time_ms", "execution_duration" ->
          condition.test(duration(info));
      case "name" -> condition.test(Json.text(info.path("tags"), "mlflow.traceName"));
      case "request_id", "trace_id", "id" -> condition.test(Json.text(info, "trace_id"));
      case "client_request_id" -> condition.test(Json.text(info, "client_request_id"));
      case "run_id" -> condition.test(Json.text(info.path("trace_metadata"), "mlflow.sourceRun"));
      default -> throw unknown(condition);
    };
  }

  private static boolean assessment(ObjectNode info, Filter.Condition condition) {
    for (JsonNode assessment : info.path("assessments")) {
      if (assessment.path("assessment_name").asText().equals(condition.name())) {
        JsonNode body =
            assessment.has("feedback") ? assessment.get("feedback") : assessment.get("expectation");
        JsonNode value = body.get("value");
        if (condition.test(value == null || value.isNull() ? null : value.asText())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The traces that have one span on which all conditions hold. */
  private static Set<String> tracesWithSpan(
      Connection connection, TraceStore store, List<Filter.Condition> conditions)
      throws SQLException {
    Set<String> ids = new LinkedHashSet<>();
    TraceLocation location = store.location();
    if (location == null) {
      throw ApiException.invalid("Span filters are not supported for this location.");
    }
    Sql.list(
        connection,
        "SELECT trace_id, name, status, attributes FROM " + Sql.identifier(location.spans()),
        row -> {
          JsonNode attributes = Json.parse(row.getString("attributes"));
          String name = row.getString("name");
          String status = Json.text(Json.parse(row.getString("status")), "code", "");
          boolean fits =
              conditions.stream().allMatch(c -> c.test(ofSpan(c, name, status, attributes)));
          return fits && ids.add(row.getString("trace_id"));
        });
    return ids;
  }

  private static @Nullable String ofSpan(
      Filter.Condition condition, String name, String status, JsonNode attributes) {
    String key = condition.name();
    if (key.startsWith("attributes.")) {
      String attribute = key.substring("attributes.".length()).replaceAll("^[`\"]|[`\"]$", "");
      JsonNode value = attributes.get(attribute);
      return value == null ? null : value.isTextual() ? value.textValue() : Json.write(value);
    }
    return switch (key) {
      case "name" -> name;
      case "type" -> Json.text(attributes, "mlflow.spanType");
      case "status" -> status.replace("STATUS_CODE_", "");
      default -> throw unknown(condition);
    };
  }

  private static ApiException unknown(Filter.Condition condition) {
    String key =
        condition.entity().isEmpty()
            ? condition.name()
            : condition.entity() + "." + condition.name();
    return ApiException.invalid("Invalid attribute key '" + key + "' in the filter string.");
  }

  private static Comparator<ObjectNode> order(JsonNode body) {
    Comparator<ObjectNode> order = null;
    for (JsonNode clause : body.path("order_by")) {
      String[] words = clause.asText().strip().split("\\s+", -1);
      Comparator<ObjectNode> by = comparator(words[0].replace("`", ""));
      if (words.length > 1 && words[1].equalsIgnoreCase("DESC")) {
        by = by.reversed();
      }
      order = order == null ? by : order.thenComparing(by);
    }
    Comparator<ObjectNode> newest =
        Comparator.comparingLong(TraceSearch::timestamp)
            .reversed()
            .thenComparing(info -> info.path("trace_id").asText());
    return order == null ? newest : order.thenComparing(newest);
  }

  private static Comparator<ObjectNode> comparator(String key) {
    return switch (key.substring(key.indexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "timestamp", "timestamp_ms", "request_time" ->
          Comparator.comparingLong(TraceSearch::timestamp);
      case "execution_time", "execution_time_ms", "execution_duration" ->
          Comparator.comparingLong(TraceSearch::duration);
      case "status", "state" -> Comparator.comparing(info -> Json.text(info, "state", ""));
      case "trace_id", "request_id" ->
          Comparator.comparing(info -> Json.text(info, "trace_id", ""));
      case "name" ->
          Comparator.comparing(info -> Json.text(info.path("tags"), "mlflow.traceName", ""));
      default -> throw ApiException.invalid("Invalid order_by key: " + key);
    };
  }

  /** Milliseconds since 1970; 0 where the info names no time. */
  private static long timestamp(ObjectNode info) {
    String time = Json.text(info, "request_time");
    return time == null ? 0 : Instant.parse(time).toEpochMilli();
  }

  /** Milliseconds; 0 where the info names no duration. */
  private static long duration(ObjectNode info) {
    String text = Json.text(info, "execution_duration");
    return text == null
        ? 0
        : new BigDecimal(text.substring(0, text.length() - 1)).movePointRight(3).longValue();
  }
}
