package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.uc.TraceLocation;
import dev.ucode.sandbox.uc.TraceTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place that holds traces: a Unity Catalog location, or an experiment of the classic store.
 *
 * @param key names it in {@code trace_info}
 * @param location null for the classic store
 * @param experimentId null for a Unity Catalog location
 */
record TraceStore(String key, @Nullable TraceLocation location, @Nullable String experimentId) {
  /** Annotations of classic traces, which no SQL reaches. */
  private static final String CLASSIC_ANNOTATIONS = "classic_annotation";

  /** Data definition of this room. */
  static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS trace_info (
            seq INTEGER PRIMARY KEY,
            store TEXT NOT NULL,
            trace_id TEXT NOT NULL,
            info TEXT NOT NULL) STRICT\
          """,
          "CREATE INDEX IF NOT EXISTS trace_info_id ON trace_info (store, trace_id)",
          """
          CREATE TABLE IF NOT EXISTS classic_annotation (
            annotation_id TEXT, target_type TEXT, target_id TEXT, annotation_type TEXT, name TEXT,
            value TEXT, metadata TEXT, comment TEXT, created_at INTEGER, updated_at INTEGER,
            deleted_at INTEGER) STRICT\
          """,
          """
          CREATE INDEX IF NOT EXISTS classic_annotation_target
          ON classic_annotation (target_id)\
          """);

  /** The Unity Catalog location's store. */
  static TraceStore of(TraceLocation location) {
    return new TraceStore(location.path(), location, null);
  }

  /** The classic store of an experiment. */
  static TraceStore classic(String experimentId) {
    return new TraceStore("experiment:" + experimentId, null, experimentId);
  }

  /** Where an experiment's traces are. */
  static TraceStore of(Experiment experiment) {
    TraceLocation location = experiment.location();
    return location == null ? classic(experiment.id()) : of(location);
  }

  /**
   * The store of a location in a path.
   *
   * @throws ApiException 404 where its tables do not exist
   */
  static TraceStore requireUnityCatalog(Connection connection, String path) throws SQLException {
    TraceLocation location = TraceLocation.parse(path);
    if (!TraceTables.exist(connection, location)) {
      throw ApiException.missing("Trace location '" + path + "' does not exist.");
    }
    return of(location);
  }

  /**
   * The store that a TraceLocation message names.
   *
   * @throws ApiException 400 where it names none, 404 where there is no such place
   */
  static TraceStore of(Connection connection, JsonNode message) throws SQLException {
    JsonNode experiment = message.get("mlflow_experiment");
    if (experiment != null) {
      String id = ExperimentRoutes.required(experiment, "experiment_id");
      return of(Experiments.require(connection, id));
    }
    return requireUnityCatalog(connection, path(message).path());
  }

  /**
   * The Unity Catalog location that a message with {@code uc_schema} or {@code uc_table_prefix}
   * names.
   */
  static TraceLocation path(JsonNode message) {
    JsonNode schema = message.get("uc_schema");
    JsonNode prefix = message.get("uc_table_prefix");
    JsonNode body = prefix != null ? prefix : schema;
    if (body == null) {
      throw ApiException.invalid(
          "One of uc_table_prefix, uc_schema, mlflow_experiment must be given.");
    }
    return new TraceLocation(
        ExperimentRoutes.required(body, "catalog_name"),
        ExperimentRoutes.required(body, "schema_name"),
        prefix != null ? ExperimentRoutes.required(body, "table_prefix") : null);
  }

  /** The table of the annotations. */
  String annotations() {
    return location == null ? CLASSIC_ANNOTATIONS : location.annotations();
  }

  /** As a TraceLocation message. */
  ObjectNode json() {
    ObjectNode json = Json.object();
    TraceLocation where = location;
    if (where == null) {
      json.put("type", "MLFLOW_EXPERIMENT");
      json.putObject("mlflow_experiment").put("experiment_id", experimentId);
    } else if (where.prefix() == null) {
      json.put("type", "UC_SCHEMA");
      json.set("uc_schema", tables(where));
    } else {
      json.put("type", "UC_TABLE_PREFIX");
      json.set("uc_table_prefix", tables(where));
    }
    return json;
  }

  /** The body of {@code uc_schema} or {@code uc_table_prefix}, with the tables' names. */
  static ObjectNode tables(TraceLocation where) {
    ObjectNode json =
        Json.object().put("catalog_name", where.catalog()).put("schema_name", where.schema());
    if (where.prefix() == null) {
      return json.put("otel_spans_table_name", "mlflow_experiment_trace_otel_spans")
          .put("otel_logs_table_name", "mlflow_experiment_trace_otel_logs");
    }
    return json.put("table_prefix", where.prefix())
        .put("spans_table_name", where.spans())
        .put("logs_table_name", where.logs())
        .put("metrics_table_name", where.metrics())
        .put("annotations_table_name", where.annotations());
  }
}
