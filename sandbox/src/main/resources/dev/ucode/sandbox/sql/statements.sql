-- Every SQL statement that ucode sends to a warehouse or shows to a person, in Databricks SQL.
--
-- The sandbox answers these and refuses all others. A statement may differ in white space, comments
-- and the case of anything but string literals; `main.traces.ucode` stands for any catalog, schema
-- and table prefix, and the number after LIMIT for any number. The text under `-- sqlite` is what
-- the sandbox runs in its place: {spans} and {metadata} are the tables, {limit} the number, and the
-- functions variant_string, variant_bigint, map_value and approx_percentile are the sandbox's own.
-- The parity suite runs each on Apache Spark as well and compares names, types and rows.
--
-- columns: result columns with their types. params: named parameters with their types.
-- A row is sent at least once and copies can be told by (trace_id, span_id), so whatever counts or
-- adds up does so over distinct spans. The parent of a root span is null or an empty string.

-- name: probe
-- about: the warehouse answers
-- columns: 1 INT
SELECT 1;
-- sqlite
SELECT 1 AS "1";

-- name: table-probe
-- about: the spans table exists and may be read; no row is touched
-- columns: span_id STRING
SELECT span_id FROM main.traces.ucode_otel_spans LIMIT 0;
-- sqlite
SELECT span_id FROM {spans} LIMIT {limit};

-- name: table-probe-trace
-- about: the same by another column
-- columns: trace_id STRING
SELECT trace_id FROM main.traces.ucode_otel_spans LIMIT 0;
-- sqlite
SELECT trace_id FROM {spans} LIMIT {limit};

-- name: table-totals
-- about: how much is in the spans table
-- columns: spans BIGINT, traces BIGINT
SELECT COUNT(*) AS spans, COUNT(DISTINCT trace_id) AS traces
FROM main.traces.ucode_otel_spans;
-- sqlite
SELECT COUNT(*) AS spans, COUNT(DISTINCT trace_id) AS traces
FROM {spans};

-- name: span-ids
-- about: which spans of a trace have arrived, each copy once
-- params: trace_id STRING
-- columns: span_id STRING
SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id;
-- sqlite
SELECT span_id FROM {spans} WHERE trace_id = :trace_id;

-- name: span-count
-- about: how many rows and how many different spans a trace has
-- params: trace_id STRING
-- columns: span_rows BIGINT, spans BIGINT
SELECT COUNT(*) AS span_rows, COUNT(DISTINCT span_id) AS spans
FROM main.traces.ucode_otel_spans
WHERE trace_id = :trace_id;
-- sqlite
SELECT COUNT(*) AS span_rows, COUNT(DISTINCT span_id) AS spans
FROM {spans}
WHERE trace_id = :trace_id;

-- name: trace-spans
-- about: the spans of one trace, as a tree is drawn from them
-- params: trace_id STRING
-- columns: span_id STRING, parent_span_id STRING, name STRING, start_time_unix_nano BIGINT, end_time_unix_nano BIGINT, status_code STRING, status_message STRING, span_type STRING, model STRING, input_tokens BIGINT, output_tokens BIGINT, cache_read_tokens BIGINT, cache_creation_tokens BIGINT, usage_quality STRING, timing STRING, outcome STRING, session_id STRING, inputs STRING
SELECT DISTINCT
  span_id,
  NULLIF(parent_span_id, '') AS parent_span_id,
  name,
  start_time_unix_nano,
  end_time_unix_nano,
  status.code AS status_code,
  status.message AS status_message,
  attributes:['mlflow.spanType']::string AS span_type,
  COALESCE(attributes:['mlflow.llm.model']::string, attributes:['model']::string) AS model,
  try_variant_get(try_parse_json(attributes:['mlflow.chat.tokenUsage']::string), '$.input_tokens', 'bigint') AS input_tokens,
  try_variant_get(try_parse_json(attributes:['mlflow.chat.tokenUsage']::string), '$.output_tokens', 'bigint') AS output_tokens,
  try_variant_get(try_parse_json(attributes:['mlflow.chat.tokenUsage']::string), '$.cache_read_input_tokens', 'bigint') AS cache_read_tokens,
  try_variant_get(try_parse_json(attributes:['mlflow.chat.tokenUsage']::string), '$.cache_creation_input_tokens', 'bigint') AS cache_creation_tokens,
  attributes:['ucode.usage.quality']::string AS usage_quality,
  attributes:['ucode.timing']::string AS timing,
  attributes:['ucode.outcome']::string AS outcome,
  attributes:['session.id']::string AS session_id,
  LEFT(attributes:['mlflow.spanInputs']::string, 1000) AS inputs
FROM main.traces.ucode_otel_spans
WHERE trace_id = :trace_id
ORDER BY start_time_unix_nano, span_id;
-- sqlite
SELECT DISTINCT
  span_id,
  NULLIF(parent_span_id, '') AS parent_span_id,
  name,
  start_time_unix_nano,
  end_time_unix_nano,
  status ->> 'code' AS status_code,
  status ->> 'message' AS status_message,
  variant_string(attributes, 'mlflow.spanType') AS span_type,
  COALESCE(variant_string(attributes, 'mlflow.llm.model'), variant_string(attributes, 'model')) AS model,
  variant_bigint(attributes, 'mlflow.chat.tokenUsage', 'input_tokens') AS input_tokens,
  variant_bigint(attributes, 'mlflow.chat.tokenUsage', 'output_tokens') AS output_tokens,
  variant_bigint(attributes, 'mlflow.chat.tokenUsage', 'cache_read_input_tokens') AS cache_read_tokens,
  variant_bigint(attributes, 'mlflow.chat.tokenUsage', 'cache_creation_input_tokens') AS cache_creation_tokens,
  variant_string(attributes, 'ucode.usage.quality') AS usage_quality,
  variant_string(attributes, 'ucode.timing') AS timing,
  variant_string(attributes, 'ucode.outcome') AS outcome,
  variant_string(attributes, 'session.id') AS session_id,
  SUBSTR(variant_string(attributes, 'mlflow.spanInputs'), 1, 1000) AS inputs
FROM {spans}
WHERE trace_id = :trace_id
ORDER BY start_time_unix_nano, span_id;

-- name: canary
-- about: whether a marked trace came through the real path
-- params: trace_id STRING
-- columns: span_id STRING, name STRING, canary STRING
SELECT DISTINCT span_id, name, attributes:['ucode.canary']::string AS canary
FROM main.traces.ucode_otel_spans
WHERE trace_id = :trace_id AND attributes:['ucode.canary']::string IS NOT NULL
ORDER BY span_id;
-- sqlite
SELECT DISTINCT span_id, name, variant_string(attributes, 'ucode.canary') AS canary
FROM {spans}
WHERE trace_id = :trace_id AND variant_string(attributes, 'ucode.canary') IS NOT NULL
ORDER BY span_id;

-- name: duplicates
-- about: spans that are in the table more than once
-- columns: trace_id STRING, span_id STRING, copies BIGINT
SELECT trace_id, span_id, COUNT(*) AS copies
FROM main.traces.ucode_otel_spans
GROUP BY trace_id, span_id
HAVING COUNT(*) > 1
ORDER BY trace_id, span_id;
-- sqlite
SELECT trace_id, span_id, COUNT(*) AS copies
FROM {spans}
GROUP BY trace_id, span_id
HAVING COUNT(*) > 1
ORDER BY trace_id, span_id;

-- name: session-traces
-- about: the turns of a session
-- params: session_id STRING
-- columns: trace_id STRING, name STRING, start_time_unix_nano BIGINT, end_time_unix_nano BIGINT, status_code STRING
SELECT DISTINCT trace_id, name, start_time_unix_nano, end_time_unix_nano, status.code AS status_code
FROM main.traces.ucode_otel_spans
WHERE (parent_span_id IS NULL OR parent_span_id = '')
  AND attributes:['session.id']::string = :session_id
ORDER BY start_time_unix_nano, trace_id;
-- sqlite
SELECT DISTINCT trace_id, name, start_time_unix_nano, end_time_unix_nano, status ->> 'code' AS status_code
FROM {spans}
WHERE (parent_span_id IS NULL OR parent_span_id = '')
  AND variant_string(attributes, 'session.id') = :session_id
ORDER BY start_time_unix_nano, trace_id;

-- name: session-spans
-- about: how many traces and spans a session has
-- params: session_id STRING
-- columns: traces BIGINT, spans BIGINT
SELECT COUNT(DISTINCT trace_id) AS traces, COUNT(*) AS spans
FROM (
  SELECT DISTINCT trace_id, span_id
  FROM main.traces.ucode_otel_spans
  WHERE trace_id IN (
    SELECT trace_id
    FROM main.traces.ucode_otel_spans
    WHERE (parent_span_id IS NULL OR parent_span_id = '')
      AND attributes:['session.id']::string = :session_id
  )
);
-- sqlite
SELECT COUNT(DISTINCT trace_id) AS traces, COUNT(*) AS spans
FROM (
  SELECT DISTINCT trace_id, span_id
  FROM {spans}
  WHERE trace_id IN (
    SELECT trace_id
    FROM {spans}
    WHERE (parent_span_id IS NULL OR parent_span_id = '')
      AND variant_string(attributes, 'session.id') = :session_id
  )
);

-- name: latest-traces
-- about: the latest traces, whatever their session
-- columns: trace_id STRING, name STRING, session_id STRING, start_time_unix_nano BIGINT, duration_ms BIGINT, status_code STRING, spans BIGINT, errors BIGINT
SELECT
  trace_id,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN name END) AS name,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN attributes:['session.id']::string END) AS session_id,
  MIN(start_time_unix_nano) AS start_time_unix_nano,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN (end_time_unix_nano - start_time_unix_nano) DIV 1000000 END) AS duration_ms,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN status.code END) AS status_code,
  COUNT(DISTINCT span_id) AS spans,
  COUNT(DISTINCT CASE WHEN status.code = 'STATUS_CODE_ERROR' THEN span_id END) AS errors
FROM main.traces.ucode_otel_spans
GROUP BY trace_id
ORDER BY start_time_unix_nano DESC, trace_id
LIMIT 20;
-- sqlite
SELECT
  trace_id,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN name END) AS name,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN variant_string(attributes, 'session.id') END) AS session_id,
  MIN(start_time_unix_nano) AS start_time_unix_nano,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN (end_time_unix_nano - start_time_unix_nano) / 1000000 END) AS duration_ms,
  MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN status ->> 'code' END) AS status_code,
  COUNT(DISTINCT span_id) AS spans,
  COUNT(DISTINCT CASE WHEN status ->> 'code' = 'STATUS_CODE_ERROR' THEN span_id END) AS errors
FROM {spans}
GROUP BY trace_id
ORDER BY MIN(start_time_unix_nano) DESC, trace_id
LIMIT {limit};

-- name: tokens-by-model-and-day
-- about: model calls and tokens, by day (UTC) and model
-- params: since DATE
-- columns: day DATE, model STRING, calls BIGINT, input_tokens BIGINT, output_tokens BIGINT, cache_read_tokens BIGINT, cache_creation_tokens BIGINT
SELECT
  day,
  model,
  COUNT(*) AS calls,
  SUM(try_variant_get(usage, '$.input_tokens', 'bigint')) AS input_tokens,
  SUM(try_variant_get(usage, '$.output_tokens', 'bigint')) AS output_tokens,
  SUM(try_variant_get(usage, '$.cache_read_input_tokens', 'bigint')) AS cache_read_tokens,
  SUM(try_variant_get(usage, '$.cache_creation_input_tokens', 'bigint')) AS cache_creation_tokens
FROM (
  SELECT
    MIN(DATE(TIMESTAMP_SECONDS(start_time_unix_nano DIV 1000000000))) AS day,
    MIN(COALESCE(attributes:['mlflow.llm.model']::string, attributes:['model']::string)) AS model,
    try_parse_json(MIN(attributes:['mlflow.chat.tokenUsage']::string)) AS usage
  FROM main.traces.ucode_otel_spans
  WHERE date >= :since
    AND attributes:['mlflow.spanType']::string IN ('LLM', 'CHAT_MODEL')
  GROUP BY trace_id, span_id
)
GROUP BY day, model
ORDER BY day, model;
-- sqlite
SELECT
  day,
  model,
  COUNT(*) AS calls,
  SUM(variant_bigint(usage, 'input_tokens')) AS input_tokens,
  SUM(variant_bigint(usage, 'output_tokens')) AS output_tokens,
  SUM(variant_bigint(usage, 'cache_read_input_tokens')) AS cache_read_tokens,
  SUM(variant_bigint(usage, 'cache_creation_input_tokens')) AS cache_creation_tokens
FROM (
  SELECT
    MIN(date(start_time_unix_nano / 1000000000, 'unixepoch')) AS day,
    MIN(COALESCE(variant_string(attributes, 'mlflow.llm.model'), variant_string(attributes, 'model'))) AS model,
    MIN(variant_string(attributes, 'mlflow.chat.tokenUsage')) AS usage
  FROM {spans}
  WHERE date >= :since
    AND variant_string(attributes, 'mlflow.spanType') IN ('LLM', 'CHAT_MODEL')
  GROUP BY trace_id, span_id
)
GROUP BY day, model
ORDER BY day, model;

-- name: model-latency
-- about: how long model calls take, by model
-- params: since DATE
-- columns: model STRING, calls BIGINT, p50_ms BIGINT, p95_ms BIGINT
SELECT
  model,
  COUNT(*) AS calls,
  approx_percentile(duration_ms, 0.5) AS p50_ms,
  approx_percentile(duration_ms, 0.95) AS p95_ms
FROM (
  SELECT DISTINCT
    trace_id,
    span_id,
    COALESCE(attributes:['mlflow.llm.model']::string, attributes:['model']::string) AS model,
    (end_time_unix_nano - start_time_unix_nano) DIV 1000000 AS duration_ms
  FROM main.traces.ucode_otel_spans
  WHERE date >= :since
    AND attributes:['mlflow.spanType']::string IN ('LLM', 'CHAT_MODEL')
)
GROUP BY model
ORDER BY model;
-- sqlite
SELECT
  model,
  COUNT(*) AS calls,
  approx_percentile(duration_ms, 0.5) AS p50_ms,
  approx_percentile(duration_ms, 0.95) AS p95_ms
FROM (
  SELECT DISTINCT
    trace_id,
    span_id,
    COALESCE(variant_string(attributes, 'mlflow.llm.model'), variant_string(attributes, 'model')) AS model,
    (end_time_unix_nano - start_time_unix_nano) / 1000000 AS duration_ms
  FROM {spans}
  WHERE date >= :since
    AND variant_string(attributes, 'mlflow.spanType') IN ('LLM', 'CHAT_MODEL')
)
GROUP BY model
ORDER BY model;

-- name: tool-usage
-- about: which tools are used, how often they fail and how long they take
-- params: since DATE
-- columns: tool STRING, calls BIGINT, errors BIGINT, p50_ms BIGINT, p95_ms BIGINT
SELECT
  tool,
  COUNT(*) AS calls,
  COUNT_IF(status_code = 'STATUS_CODE_ERROR') AS errors,
  approx_percentile(duration_ms, 0.5) AS p50_ms,
  approx_percentile(duration_ms, 0.95) AS p95_ms
FROM (
  SELECT DISTINCT
    trace_id,
    span_id,
    name AS tool,
    status.code AS status_code,
    (end_time_unix_nano - start_time_unix_nano) DIV 1000000 AS duration_ms
  FROM main.traces.ucode_otel_spans
  WHERE date >= :since
    AND attributes:['mlflow.spanType']::string = 'TOOL'
)
GROUP BY tool
ORDER BY calls DESC, tool;
-- sqlite
SELECT
  tool,
  COUNT(*) AS calls,
  SUM(COALESCE(status_code = 'STATUS_CODE_ERROR', 0)) AS errors,
  approx_percentile(duration_ms, 0.5) AS p50_ms,
  approx_percentile(duration_ms, 0.95) AS p95_ms
FROM (
  SELECT DISTINCT
    trace_id,
    span_id,
    name AS tool,
    status ->> 'code' AS status_code,
    (end_time_unix_nano - start_time_unix_nano) / 1000000 AS duration_ms
  FROM {spans}
  WHERE date >= :since
    AND variant_string(attributes, 'mlflow.spanType') = 'TOOL'
)
GROUP BY tool
ORDER BY calls DESC, tool;

-- name: traces-per-user
-- about: who uses it: traces and sessions by user
-- columns: user_name STRING, traces BIGINT, sessions BIGINT
SELECT
  COALESCE(trace_metadata['mlflow.trace.user'], trace_metadata['mlflow.user']) AS user_name,
  COUNT(DISTINCT trace_id) AS traces,
  COUNT(DISTINCT trace_metadata['mlflow.trace.session']) AS sessions
FROM main.traces.ucode_trace_metadata
GROUP BY COALESCE(trace_metadata['mlflow.trace.user'], trace_metadata['mlflow.user'])
ORDER BY traces DESC, user_name;
-- sqlite
SELECT
  COALESCE(map_value(trace_metadata, 'mlflow.trace.user'), map_value(trace_metadata, 'mlflow.user')) AS user_name,
  COUNT(DISTINCT trace_id) AS traces,
  COUNT(DISTINCT map_value(trace_metadata, 'mlflow.trace.session')) AS sessions
FROM {metadata}
GROUP BY COALESCE(map_value(trace_metadata, 'mlflow.trace.user'), map_value(trace_metadata, 'mlflow.user'))
ORDER BY traces DESC, user_name;

-- name: trace-metadata
-- about: what the trace info of one trace says
-- params: trace_id STRING
-- columns: trace_id STRING, client_request_id STRING, session_id STRING, user_name STRING, trace_name STRING, token_usage STRING
SELECT
  trace_id,
  client_request_id,
  trace_metadata['mlflow.trace.session'] AS session_id,
  COALESCE(trace_metadata['mlflow.trace.user'], trace_metadata['mlflow.user']) AS user_name,
  tags['mlflow.traceName'] AS trace_name,
  trace_metadata['mlflow.trace.tokenUsage'] AS token_usage
FROM main.traces.ucode_trace_metadata
WHERE trace_id = :trace_id;
-- sqlite
SELECT
  trace_id,
  client_request_id,
  map_value(trace_metadata, 'mlflow.trace.session') AS session_id,
  COALESCE(map_value(trace_metadata, 'mlflow.trace.user'), map_value(trace_metadata, 'mlflow.user')) AS user_name,
  map_value(tags, 'mlflow.traceName') AS trace_name,
  map_value(trace_metadata, 'mlflow.trace.tokenUsage') AS token_usage
FROM {metadata}
WHERE trace_id = :trace_id;
