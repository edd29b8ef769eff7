package dev.ucode.sandbox.uc;

/** The queries behind the two views, with {@code $name} in place of the tables' names. */
final class TraceViews {
  /** One row per trace that has annotations. */
  static final String METADATA =
      """
      WITH live AS (
        SELECT * FROM (
          SELECT *, row_number() OVER (
              PARTITION BY annotation_id ORDER BY updated_at DESC, rowid DESC) AS age
          FROM $annotations WHERE target_type = 'TRACE')
        WHERE age = 1 AND deleted_at IS NULL)
      SELECT
        target_id AS trace_id,
        max(CASE WHEN annotation_type = 'METADATA' THEN value ->> '$.client_request_id' END)
          AS client_request_id,
        json_group_object(name, value ->> '$') FILTER (WHERE annotation_type = 'TAG') AS tags,
        coalesce(max(CASE WHEN annotation_type = 'METADATA' THEN value -> '$.trace_metadata' END),
          '{}') AS trace_metadata,
        json_group_array(json_object(
          'assessment_id', annotation_id,
          'assessment_name', name,
          'trace_id', target_id,
          'source', json_object(
            'source_id', metadata ->> '$."mlflow.assessment.sourceId"',
            'source_type', metadata ->> '$."mlflow.assessment.sourceType"'),
          'create_time',
            strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000000.0, 'unixepoch'),
          'last_update_time',
            strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000000.0, 'unixepoch'),
          'expectation', CASE WHEN annotation_type = 'EXPECTATION'
            THEN json_object('value', json(value)) END,
          'feedback', CASE WHEN annotation_type = 'FEEDBACK'
            THEN json_object('value', json(value)) END,
          'rationale', comment,
          'metadata', json((SELECT json_group_object(key, value) FROM json_each(metadata)
            WHERE key NOT LIKE 'mlflow.%')),
          'span_id', metadata ->> '$."mlflow.assessment.spanId"',
          'overrides', metadata ->> '$."mlflow.assessment.overrides"',
          'valid', json(coalesce(metadata -> '$."mlflow.assessment.valid"', 'true'))))
          FILTER (WHERE annotation_type IN ('FEEDBACK', 'EXPECTATION')) AS assessments
      FROM live GROUP BY target_id\
      """;

  /** One row per trace that has a root span; a root span sent twice is one trace. */
  static final String UNIFIED =
      """
      SELECT
        r.trace_id,
        m.client_request_id,
        r.time AS request_time,
        CASE r.status ->> '$.code'
          WHEN 'STATUS_CODE_OK' THEN 'OK'
          WHEN 'STATUS_CODE_ERROR' THEN 'ERROR'
          ELSE 'STATE_UNSPECIFIED' END AS state,
        (r.end_time_unix_nano - r.start_time_unix_nano) / 1000000.0 AS execution_duration_ms,
        coalesce(r.attributes ->> '$."mlflow.spanInputs"', r.attributes ->> '$."input.value"',
          r.attributes ->> '$."gen_ai.input.messages"') AS request,
        coalesce(r.attributes ->> '$."mlflow.spanOutputs"', r.attributes ->> '$."output.value"',
          r.attributes ->> '$."gen_ai.output.messages"') AS response,
        coalesce(m.trace_metadata, '{}') AS trace_metadata,
        coalesce(m.tags, '{}') AS tags,
        (SELECT json_group_array(json_object(
            'trace_id', s.trace_id, 'span_id', s.span_id, 'trace_state', s.trace_state,
            'parent_span_id', s.parent_span_id, 'flags', s.flags, 'name', s.name,
            'kind', s.kind, 'start_time_unix_nano', s.start_time_unix_nano,
            'end_time_unix_nano', s.end_time_unix_nano, 'attributes', json(s.attributes),
            'events', json(s.events), 'links', json(s.links), 'status', json(s.status),
            'resource', json(s.resource),
            'instrumentation_scope', json(s.instrumentation_scope)) ORDER BY s.rowid)
          FROM $spans s WHERE s.trace_id = r.trace_id) AS spans,
        coalesce(m.assessments, '[]') AS assessments
      FROM (SELECT *, min(rowid) FROM $spans WHERE coalesce(parent_span_id, '') = ''
          GROUP BY trace_id) r
        LEFT JOIN $metadata m ON m.trace_id = r.trace_id\
      """;

  private TraceViews() {}
}
