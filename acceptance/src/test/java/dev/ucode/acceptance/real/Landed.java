package dev.ucode.acceptance.real;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The traces of the sandbox's Unity Catalog table, as read back by SQL and by the trace API. */
final class Landed {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOCATION = "main.traces.ucode";

  /**
   * A row of the spans table.
   *
   * @param start nanoseconds since the epoch
   * @param end nanoseconds since the epoch
   * @param status {@code OK}, {@code ERROR} or {@code UNSET}
   * @param attributes decoded: a string that holds a JSON object is that object
   */
  public record Span(
      String id,
      @Nullable String parent,
      String name,
      long start,
      long end,
      String status,
      Map<String, JsonNode> attributes,
      List<String> events) {
    /** A token count, 0 where there is none. */
    public long tokens(String key) {
      JsonNode usage = attributes.get("mlflow.chat.tokenUsage");
      return usage == null ? 0 : usage.path(key).asLong();
    }

    /** An attribute's text, empty where there is none. */
    public String text(String key) {
      JsonNode value = attributes.get(key);
      return value == null ? "" : value.isTextual() ? value.asText() : value.toString();
    }
  }

  /** A trace: its info as JSON, and its spans by start. */
  public record Trace(String id, JsonNode info, List<Span> spans) {
    /** The root span. */
    public Span root() {
      List<Span> roots = spans.stream().filter(span -> span.parent() == null).toList();
      if (roots.size() != 1) {
        throw new AssertionError("roots: " + roots);
      }
      return roots.getFirst();
    }

    /** The spans of a name. */
    public List<Span> named(String name) {
      return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    /** The children of a span, by start. */
    public List<Span> below(Span parent) {
      return spans.stream().filter(span -> parent.id().equals(span.parent())).toList();
    }

    /** The sum of a token count over all spans. */
    public long tokens(String key) {
      return spans.stream().mapToLong(span -> span.tokens(key)).sum();
    }

    /** A value of the trace's metadata, empty where there is none. */
    public String metadata(String key) {
      return info.path("trace_metadata").path(key).asText();
    }

    /**
     * The tree, a line a span: name, status where it is not OK, tokens as input/output of a model
     * call, names of events.
     */
    public String tree() {
      StringBuilder text = new StringBuilder();
      draw(root(), "", text);
      return text.toString();
    }

    private void draw(Span span, String indent, StringBuilder text) {
      text.append(indent).append(span.name());
      if (!span.status().equals("OK")) {
        text.append(' ').append(span.status());
      }
      if (span.attributes().containsKey("mlflow.chat.tokenUsage")) {
        text.append(' ').append(span.tokens("input_tokens"));
        text.append('/').append(span.tokens("output_tokens"));
      }
      if (!span.events().isEmpty()) {
        text.append(' ').append(span.events());
      }
      text.append('\n');
      below(span).forEach(child -> draw(child, indent + "  ", text));
    }
  }

  private final Sandbox sandbox;

  /** Reads from a sandbox. */
  public Landed(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** How many rows the spans table has, copies included. */
  public long rows() {
    return Long.parseLong(
        Objects.requireNonNull(
            sandbox
                .sql(
                    "SELECT COUNT(*) AS spans, COUNT(DISTINCT trace_id) AS traces"
                        + " FROM main.traces.ucode_otel_spans")
                .getFirst()
                .get("spans")));
  }

  /** The spans that are in the table more than once. */
  public List<Map<String, @Nullable String>> duplicates() {
    return sandbox.sql(
        "SELECT trace_id, span_id, COUNT(*) AS copies FROM main.traces.ucode_otel_spans"
            + " GROUP BY trace_id, span_id HAVING COUNT(*) > 1 ORDER BY trace_id, span_id");
  }

  /** Which spans of a trace are in the table. */
  public List<String> spanIds(String traceId) {
    return sandbox
        .sql(
            "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id",
            "trace_id",
            traceId)
        .stream()
        .map(row -> Objects.requireNonNull(row.get("span_id")))
        .toList();
  }

  /** The traces that have an info, by their request time. */
  public List<Trace> traces() {
    List<Trace> found = new ArrayList<>();
    String page = "";
    do {
      var body = JSON.createObjectNode();
      body.putArray("locations")
          .addObject()
          .put("type", "UC_TABLE_PREFIX")
          .putObject("uc_table_prefix")
          .put("catalog_name", "main")
          .put("schema_name", "traces")
          .put("table_prefix", "ucode");
      body.put("max_results", 100);
      body.put("sql_warehouse_id", sandbox.warehouse());
      if (!page.isEmpty()) {
        body.put("page_token", page);
      }
      JsonNode answer = sandbox.post("/api/4.0/mlflow/traces/search", body);
      for (JsonNode info : answer.path("trace_infos")) {
        found.add(trace(info));
      }
      page = answer.path("next_page_token").asText();
    } while (!page.isEmpty());
    found.sort(Comparator.comparing(trace -> trace.info().path("request_time").asText()));
    return found;
  }

  private Trace trace(JsonNode info) {
    String full = info.path("trace_id").asText();
    String id = full.substring(full.lastIndexOf('/') + 1);
    JsonNode answer =
        sandbox.get(
            "/api/4.0/mlflow/traces/"
                + LOCATION
                + "/batchGet?trace_ids="
                + id
                + "&sql_warehouse_id="
                + sandbox.warehouse());
    Map<String, Span> spans = new TreeMap<>();
    for (JsonNode span : answer.path("traces").path(0).path("spans")) {
      Span read = span(span);
      spans.put(read.id(), read);
    }
    List<Span> sorted = new ArrayList<>(spans.values());
    sorted.sort(
        Comparator.comparingLong(Span::start).thenComparingLong(Span::end).thenComparing(Span::id));
    return new Trace(id, info, sorted);
  }

  private static Span span(JsonNode span) {
    Map<String, JsonNode> attributes = new TreeMap<>();
    for (JsonNode attribute : span.path("attributes")) {
      attributes.put(attribute.path("key").asText(), decoded(value(attribute.path("value"))));
    }
    List<String> events = new ArrayList<>();
    span.path("events").forEach(event -> events.add(event.path("name").asText()));
    String parent = hex(span.path("parent_span_id").asText());
    return new Span(
        hex(span.path("span_id").asText()),
        parent.isEmpty() ? null : parent,
        span.path("name").asText(),
        span.path("start_time_unix_nano").asLong(),
        span.path("end_time_unix_nano").asLong(),
        span.path("status").path("code").asText("UNSET").replace("STATUS_CODE_", ""),
        attributes,
        events);
  }

  private static String hex(String base64) {
    return HexFormat.of()
        .formatHex(Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII)));
  }

  /** The plain JSON of an OTLP value. */
  private static JsonNode value(JsonNode any) {
    if (any.has("kvlist_value")) {
      var object = JSON.createObjectNode();
      for (JsonNode entry : any.path("kvlist_value").path("values")) {
        object.set(entry.path("key").asText(), value(entry.path("value")));
      }
      return object;
    }
    if (any.has("array_value")) {
      var array = JSON.createArrayNode();
      any.path("array_value").path("values").forEach(element -> array.add(value(element)));
      return array;
    }
    if (any.has("int_value")) {
      return JSON.getNodeFactory().numberNode(any.path("int_value").asLong());
    }
    return any.isEmpty() ? JSON.getNodeFactory().nullNode() : any.elements().next();
  }

  private static JsonNode decoded(JsonNode value) {
    String text = value.asText();
    if (value.isTextual() && (text.startsWith("{") || text.startsWith("["))) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        return value; // a text that merely begins so
      }
    }
    return value;
  }
}
