package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.mlflow.Annotations.Annotation;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.LateRows;
import dev.ucode.sandbox.uc.TraceLocation;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trace infos: written as METADATA and TAG annotations, read back with the live tags and
 * assessments. A trace whose info was never written shows what its root span tells.
 */
final class TraceInfos {
  private final LateRows rows;
  private final Annotations annotations;

  TraceInfos(LateRows rows, Annotations annotations) {
    this.rows = rows;
    this.annotations = annotations;
  }

  /** Stores an info; one stored before under the same id is replaced, its tags are kept. */
  void write(
      Connection connection,
      TraceStore store,
      String traceId,
      ObjectNode info,
      Duration visibleAfter)
      throws SQLException {
    ObjectNode kept = info.deepCopy();
    kept.remove("tags");
    kept.remove("assessments");
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("store", store.key());
    row.put("trace_id", traceId);
    row.put("info", Json.write(kept));
    rows.add(connection, "trace_info", List.of(row), visibleAfter);
    List<Annotation> notes = new ArrayList<>();
    notes.add(metadata(traceId, info));
    for (Map.Entry<String, JsonNode> tag : info.path("tags").properties()) {
      notes.add(annotations.tag(traceId, tag.getKey(), tag.getValue().asText()));
    }
    annotations.put(connection, store, notes, visibleAfter);
  }

  private Annotation metadata(String traceId, ObjectNode info) {
    ObjectNode value = Json.object();
    value.put("client_request_id", Json.text(info, "client_request_id"));
    value.set("trace_metadata", info.path("trace_metadata").deepCopy());
    value.put("request_preview", Json.text(info, "request_preview"));
    value.put("response_preview", Json.text(info, "response_preview"));
    if (!value.path("trace_metadata").isObject()) {
      value.set("trace_metadata", Json.object());
    }
    long now = annotations.now();
    return new Annotation(
        Annotations.idOf(traceId, "METADATA", ""),
        traceId,
        "METADATA",
        null,
        value,
        null,
        null,
        now,
        now);
  }

  /**
   * The infos of some traces, or of all where null, as the REST API gives them, in no order that
   * means anything.
   */
  static List<ObjectNode> read(
      Connection connection, TraceStore store, @Nullable List<String> traceIds)
      throws SQLException {
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    String filter = traceIds == null ? "" : " AND trace_id IN (SELECT value FROM json_each(?))";
    String sql =
        "SELECT trace_id, info, max(seq) FROM trace_info WHERE store = ?"
            + filter
            + " GROUP BY trace_id ORDER BY max(seq)";
    Sql.Mapper<Integer> take =
        row -> {
          found.put(row.getString(1), (ObjectNode) Json.parse(row.getString(2)));
          return found.size();
        };
    if (traceIds == null) {
      Sql.list(connection, sql, take, store.key());
    } else {
      Sql.list(connection, sql, take, store.key(), Annotations.array(traceIds));
    }
    TraceLocation location = store.location();
    if (location != null) {
      addHeadless(connection, location, traceIds, found);
    }
    Map<String, List<Annotation>> notes = new LinkedHashMap<>();
    for (Annotation note : Annotations.live(connection, store, traceIds)) {
      notes.computeIfAbsent(note.traceId(), _ -> new ArrayList<>()).add(note);
    }
    List<ObjectNode> infos = new ArrayList<>();
    found.forEach(
        (id, info) -> infos.add(complete(store, id, info, notes.getOrDefault(id, List.of()))));
    return infos;
  }

  /**
   * The info of one trace.
   *
   * @throws ApiException 404 where there is none
   */
  static ObjectNode require(Connection connection, TraceStore store, String traceId)
      throws SQLException {
    List<ObjectNode> found = read(connection, store, List.of(traceId));
    if (found.isEmpty()) {
      throw ApiException.missing("Trace with ID " + traceId + " is not found.");
    }
    return found.getFirst();
  }

  private static ObjectNode complete(
      TraceStore store, String id, ObjectNode stored, List<Annotation> notes) {
    ObjectNode info = Json.object().put("trace_id", id);
    info.setAll(stored);
    info.put("trace_id", id);
    info.set("trace_location", store.json());
    ObjectNode tags = info.putObject("tags");
    for (Annotation note : notes) {
      if (note.type().equals("TAG") && note.name() != null && note.value() != null) {
        tags.put(note.name(), note.value().asText());
      } else if (Assessments.is(note)) {
        info.withArray("assessments").add(Assessments.json(note, store));
      }
    }
    return info;
  }

  private static void addHeadless(
      Connection connection,
      TraceLocation location,
      @Nullable List<String> traceIds,
      Map<String, ObjectNode> found)
      throws SQLException {
    String filter = traceIds == null ? "" : " AND trace_id IN (SELECT value FROM json_each(?))";
    String sql =
        "SELECT *, min(rowid) FROM "
            + Sql.identifier(location.spans())
            + " WHERE parent_span_id = ''"
            + filter
            + " GROUP BY trace_id";
    Sql.Mapper<Integer> take =
        row -> {
          found.putIfAbsent(row.getString("trace_id"), ofRoot(row));
          return found.size();
        };
    if (traceIds == null) {
      Sql.list(connection, sql, take);
    } else {
      Sql.list(connection, sql, take, Annotations.array(traceIds));
    }
  }

  private static ObjectNode ofRoot(ResultSet root) throws SQLException {
    long start = root.getLong("start_time_unix_nano");
    long end = root.getLong("end_time_unix_nano");
    JsonNode attributes = Json.parse(root.getString("attributes"));
    ObjectNode info = Json.object();
    info.put(
        "request_time", Instant.ofEpochSecond(0, start).truncatedTo(ChronoUnit.MILLIS).toString());
    info.put(
        "execution_duration",
        BigDecimal.valueOf(end - start, 9).stripTrailingZeros().toPlainString() + "s");
    info.put(
        "state",
        switch (Json.text(Json.parse(root.getString("status")), "code", "")) {
          case "STATUS_CODE_OK" -> "OK";
          case "STATUS_CODE_ERROR" -> "ERROR";
          default -> "STATE_UNSPECIFIED";
        });
    preview(info, "request_preview", attributes.get("mlflow.spanInputs"));
    preview(info, "response_preview", attributes.get("mlflow.spanOutputs"));
    return info;
  }

  private static void preview(ObjectNode info, String name, @Nullable JsonNode value) {
    if (value != null) {
      String text = value.isTextual() ? value.textValue() : Json.write(value);
      info.put(name, text.substring(0, Math.min(text.length(), 10_000)));
    }
  }
}
