package dev.ucode.sandbox.uc;

import java.util.List;

/** The columns of the trace tables and views, as the platform documents them. */
public final class TableShapes {
  /** {@code <prefix>_otel_spans}. */
  static final List<Column> SPANS =
      Column.of(
          "record_id", "STRING",
          "time", "TIMESTAMP",
          "date", "DATE",
          "service_name", "STRING",
          "trace_id", "STRING",
          "span_id", "STRING",
          "trace_state", "STRING",
          "parent_span_id", "STRING",
          "flags", "INT",
          "name", "STRING",
          "kind", "STRING",
          "start_time_unix_nano", "BIGINT",
          "end_time_unix_nano", "BIGINT",
          "attributes", "VARIANT",
          "dropped_attributes_count", "INT",
          "events",
              "ARRAY<STRUCT<time_unix_nano: BIGINT, name: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT>>",
          "dropped_events_count", "INT",
          "links",
              "ARRAY<STRUCT<trace_id: STRING, span_id: STRING, trace_state: STRING, attributes:"
                  + " VARIANT, dropped_attributes_count: INT, flags: INT>>",
          "dropped_links_count", "INT",
          "status", "STRUCT<message: STRING, code: STRING>",
          "resource", "STRUCT<attributes: VARIANT, dropped_attributes_count: INT>",
          "resource_schema_url", "STRING",
          "instrumentation_scope",
              "STRUCT<name: STRING, version: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT>",
          "span_schema_url", "STRING");

  /** {@code mlflow_experiment_trace_otel_spans}, the older form. */
  static final List<Column> SCHEMA_SPANS =
      Column.of(
          "trace_id", "STRING",
          "span_id", "STRING",
          "trace_state", "STRING",
          "parent_span_id", "STRING",
          "flags", "INT",
          "name", "STRING",
          "kind", "STRING",
          "start_time_unix_nano", "BIGINT",
          "end_time_unix_nano", "BIGINT",
          "attributes", "MAP<STRING, STRING>",
          "dropped_attributes_count", "INT",
          "events",
              "ARRAY<STRUCT<time_unix_nano: BIGINT, name: STRING, attributes: MAP<STRING, STRING>,"
                  + " dropped_attributes_count: INT>>",
          "dropped_events_count", "INT",
          "links",
              "ARRAY<STRUCT<trace_id: STRING, span_id: STRING, trace_state: STRING, attributes:"
                  + " MAP<STRING, STRING>, dropped_attributes_count: INT, flags: INT>>",
          "dropped_links_count", "INT",
          "status", "STRUCT<message: STRING, code: STRING>",
          "resource", "STRUCT<attributes: MAP<STRING, STRING>, dropped_attributes_count: INT>",
          "resource_schema_url", "STRING",
          "instrumentation_scope",
              "STRUCT<name: STRING, version: STRING, attributes: MAP<STRING, STRING>,"
                  + " dropped_attributes_count: INT>",
          "span_schema_url", "STRING");

  /** {@code <prefix>_otel_logs}. */
  static final List<Column> LOGS =
      Column.of(
          "record_id", "STRING",
          "time", "TIMESTAMP",
          "date", "DATE",
          "service_name", "STRING",
          "event_name", "STRING",
          "trace_id", "STRING",
          "span_id", "STRING",
          "time_unix_nano", "BIGINT",
          "observed_time_unix_nano", "BIGINT",
          "severity_number", "STRING",
          "severity_text", "STRING",
          "body", "VARIANT",
          "attributes", "VARIANT",
          "dropped_attributes_count", "INT",
          "flags", "INT",
          "resource", "STRUCT<attributes: VARIANT, dropped_attributes_count: INT>",
          "resource_schema_url", "STRING",
          "instrumentation_scope",
              "STRUCT<name: STRING, version: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT>",
          "log_schema_url", "STRING");

  /** {@code <prefix>_otel_metrics}. */
  static final List<Column> METRICS =
      Column.of(
          "record_id", "STRING",
          "time", "TIMESTAMP",
          "date", "DATE",
          "service_name", "STRING",
          "start_time_unix_nano", "BIGINT",
          "name", "STRING",
          "description", "STRING",
          "unit", "STRING",
          "metric_type", "STRING",
          "metadata", "VARIANT",
          "resource", "STRUCT<attributes: VARIANT, dropped_attributes_count: INT>",
          "resource_schema_url", "STRING",
          "instrumentation_scope",
              "STRUCT<name: STRING, version: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT>",
          "metric_schema_url", "STRING");

  /** {@code <prefix>_otel_annotations}. */
  static final List<Column> ANNOTATIONS =
      Column.of(
          "annotation_id", "STRING",
          "target_type", "STRING",
          "target_id", "STRING",
          "annotation_type", "STRING",
          "name", "STRING",
          "value", "VARIANT",
          "metadata", "VARIANT",
          "comment", "STRING",
          "created_at", "TIMESTAMP",
          "updated_at", "TIMESTAMP",
          "deleted_at", "TIMESTAMP");

  private static final String ASSESSMENTS =
      "ARRAY<STRUCT<assessment_id: STRING, assessment_name: STRING, trace_id: STRING, source:"
          + " STRUCT<source_id: STRING, source_type: STRING>, create_time: STRING,"
          + " last_update_time: STRING, expectation: VARIANT, feedback: VARIANT, rationale: STRING,"
          + " metadata: MAP<STRING, STRING>, span_id: STRING, overrides: STRING, valid: BOOLEAN>>";

  /** {@code <prefix>_trace_unified}. */
  static final List<Column> UNIFIED =
      Column.of(
          "trace_id", "STRING",
          "client_request_id", "STRING",
          "request_time", "TIMESTAMP",
          "state", "STRING",
          "execution_duration_ms", "DECIMAL(30,9)",
          "request", "STRING",
          "response", "STRING",
          "trace_metadata", "MAP<STRING, STRING>",
          "tags", "MAP<STRING, STRING>",
          "spans",
              "ARRAY<STRUCT<trace_id: STRING, span_id: STRING, trace_state: STRING, parent_span_id:"
                  + " STRING, flags: INT, name: STRING, kind: STRING, start_time_unix_nano: BIGINT,"
                  + " end_time_unix_nano: BIGINT, attributes: VARIANT, events: ARRAY<STRUCT<"
                  + "time_unix_nano: BIGINT, name: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT>>, links: ARRAY<STRUCT<trace_id: STRING,"
                  + " span_id: STRING, trace_state: STRING, attributes: VARIANT,"
                  + " dropped_attributes_count: INT, flags: INT>>, status: STRUCT<message: STRING,"
                  + " code: STRING>, resource: STRUCT<attributes: VARIANT,"
                  + " dropped_attributes_count: INT>, instrumentation_scope: STRUCT<name: STRING,"
                  + " version: STRING, attributes: VARIANT, dropped_attributes_count: INT>>>",
          "assessments", ASSESSMENTS);

  /** {@code <prefix>_trace_metadata}. */
  static final List<Column> METADATA =
      Column.of(
          "trace_id", "STRING",
          "client_request_id", "STRING",
          "tags", "MAP<STRING, STRING>",
          "trace_metadata", "MAP<STRING, STRING>",
          "assessments", ASSESSMENTS);

  private TableShapes() {}
}
