package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.LateRows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and appends rows of an annotations table. */
final class Annotations {
  private final LateRows rows;
  private final InstantSource clock;

  Annotations(LateRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
  }

  /**
   * A live annotation: the newest row of its id.
   *
   * @param traceId what it is about
   * @param type {@code METADATA, TAG, FEEDBACK, EXPECTATION, RUN_LINK}
   * @param createdMicros microseconds since 1970
   * @param updatedMicros microseconds since 1970
   */
  record Annotation(
      String id,
      String traceId,
      String type,
      @Nullable String name,
      @Nullable JsonNode value,
      @Nullable ObjectNode metadata,
      @Nullable String comment,
      long createdMicros,
      long updatedMicros) {}

  /** The id of an annotation that a trace has only one of, per type and name. */
  static String idOf(String traceId, String type, String name) {
    return UUID.nameUUIDFromBytes(
            (traceId + "\n" + type + "\n" + name).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  /** Microseconds since 1970. */
  long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** The live annotations of some traces, or of all where null, in the order they came. */
  static List<Annotation> live(
      Connection connection, TraceStore store, @Nullable List<String> traceIds)
      throws SQLException {
    String filter = traceIds == null ? "" : "AND target_id IN (SELECT value FROM json_each(?)) ";
    String sql =
        "SELECT * FROM (SELECT *, rowid AS place, row_number() OVER (PARTITION BY annotation_id"
            + " ORDER BY updated_at DESC, rowid DESC) AS age FROM "
            + Sql.identifier(store.annotations())
            + " WHERE target_type = 'TRACE' "
            + filter
            + ") WHERE age = 1 AND deleted_at IS NULL ORDER BY place";
    return traceIds == null
        ? Sql.list(connection, sql, Annotations::annotation)
        : Sql.list(connection, sql, Annotations::annotation, array(traceIds));
  }

  /** A list of texts as a parameter for {@code json_each}. */
  static String array(List<String> texts) {
    var array = Json.array();
    texts.forEach(array::add);
    return Json.write(array);
  }

  private static Annotation annotation(ResultSet row) throws SQLException {
    String value = row.getString("value");
    String metadata = row.getString("metadata");
    return new Annotation(
        row.getString("annotation_id"),
        row.getString("target_id"),
        row.getString("annotation_type"),
        row.getString("name"),
        value == null ? null : Json.parse(value),
        metadata != null && Json.parse(metadata) instanceof ObjectNode object ? object : null,
        row.getString("comment"),
        row.getLong("created_at"),
        row.getLong("updated_at"));
  }

  /** Appends rows that make these annotations live. */
  void put(
      Connection connection, TraceStore store, List<Annotation> annotations, Duration visibleAfter)
      throws SQLException {
    append(connection, store, annotations, null, visibleAfter);
  }

  /** Appends a row that ends an annotation's life. */
  void end(Connection connection, TraceStore store, Annotation annotation, Duration visibleAfter)
      throws SQLException {
    append(connection, store, List.of(annotation), now(), visibleAfter);
  }

  /** A tag, as it is put. */
  Annotation tag(String traceId, String key, String value) {
    long now = now();
    return new Annotation(
        idOf(traceId, "TAG", key),
        traceId,
        "TAG",
        key,
        TextNode.valueOf(value),
        null,
        null,
        now,
        now);
  }

  private void append(
      Connection connection,
      TraceStore store,
      List<Annotation> annotations,
      @Nullable Long deleted,
      Duration visibleAfter)
      throws SQLException {
    List<Map<String, @Nullable Object>> added = new ArrayList<>();
    for (Annotation one : annotations) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("annotation_id", one.id());
      row.put("target_type", "TRACE");
      row.put("target_id", one.traceId());
      row.put("annotation_type", one.type());
      row.put("name", one.name());
      row.put("value", one.value() == null ? null : Json.write(one.value()));
      row.put("metadata", one.metadata() == null ? null : Json.write(one.metadata()));
      row.put("comment", one.comment());
      row.put("created_at", one.createdMicros());
      row.put("updated_at", deleted == null ? one.updatedMicros() : deleted);
      row.put("deleted_at", deleted);
      added.add(row);
    }
    rows.add(connection, store.annotations(), added, visibleAfter);
  }
}
