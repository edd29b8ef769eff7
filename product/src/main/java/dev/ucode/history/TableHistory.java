package dev.ucode.history;

import dev.ucode.trace.Outcome;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.TraceId;
import dev.ucode.workspace.SqlRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns in the Unity Catalog table, read by SQL: what everybody with the right grants sees. A span
 * is shown once, however many copies of its row there are.
 */
public final class TableHistory implements History {
  private static final int SEARCHED = 100;
  private static final String ERROR = "STATUS_CODE_ERROR";

  /** Runs a statement that only reads. */
  public interface Select {
    /**
     * /** Runs one statement and gives all its rows.
     *
     * @throws dev.ucode.problem.UserException where the workspace does not do it
     */
    SqlRows run(String statement, Map<String, String> parameters);
  }

  private final Select select;
  private final String table;

  /**
   * @param spansTable its full name
   */
  public TableHistory(Select select, String spansTable) {
    this.select = select;
    this.table = quoted(spansTable);
  }

  @Override
  public List<TurnLine> latest(int most) {
    SqlRows found = select.run(latestStatement(table, most), Map.of());
    List<TurnLine> lines = new ArrayList<>();
    for (int row = 0; row < found.rows().size(); row++) {
      String hex = found.text(row, "trace_id");
      if (hex == null || !hex.matches("[0-9a-f]{32}")) {
        continue; // not ours: another writer's table may hold other ids
      }
      String status = found.text(row, "status_code");
      boolean ended = found.text(row, "duration_ms") != null;
      boolean failed = ERROR.equals(status);
      lines.add(
          new TurnLine(
              new TraceId(hex),
              agent(found.text(row, "name")),
              orEmpty(found.text(row, "session_id")),
              "",
              nanos(found.number(row, "start_time_unix_nano")),
              ended ? Duration.ofMillis(found.number(row, "duration_ms")) : null,
              TokenUsage.UNKNOWN,
              Math.toIntExact(found.number(row, "spans")),
              Math.toIntExact(Math.max(0, found.number(row, "errors") - (failed ? 1 : 0))),
              outcome(status, ended),
              null));
    }
    return lines;
  }

  @Override
  public TurnTree show(String id) {
    TraceId wanted = wanted(id);
    SqlRows found = select.run(spansStatement(table), Map.of("trace_id", wanted.hex()));
    if (found.rows().isEmpty()) {
      throw Wanted.none(id);
    }
    List<TurnTree.Found> spans = new ArrayList<>();
    String agent = null;
    String session = null;
    String prompt = "";
    for (int row = 0; row < found.rows().size(); row++) {
      SpanId span = span(found.text(row, "span_id"));
      if (span == null) {
        continue;
      }
      SpanId parent = span(found.text(row, "parent_span_id"));
      Node node = node(found, row, span, parent);
      if (parent == null) {
        agent = agent(node.name());
        session = found.text(row, "session_id");
        prompt = node.label();
      }
      spans.add(new TurnTree.Found(parent, node));
    }
    return new TurnTree(
        wanted,
        session,
        agent == null || agent.isEmpty() ? null : agent,
        prompt,
        TurnTree.nested(spans));
  }

  private TraceId wanted(String id) {
    if (id.equals(Wanted.LATEST)) {
      List<TurnLine> newest = latest(1);
      if (newest.isEmpty()) {
        throw Wanted.none(id);
      }
      return newest.getFirst().id();
    }
    String digits = Wanted.digits(id);
    if (Wanted.isWhole(digits)) {
      return new TraceId(digits);
    }
    List<TraceId> candidates =
        latest(SEARCHED).stream()
            .map(TurnLine::id)
            .filter(candidate -> candidate.hex().startsWith(digits))
            .toList();
    return Wanted.one(id, candidates);
  }

  private static Node node(SqlRows found, int row, SpanId id, @Nullable SpanId parent) {
    String type = orEmpty(found.text(row, "span_type"));
    String name = orEmpty(found.text(row, "name"));
    Node.Kind kind =
        switch (type) {
          case "LLM", "CHAT_MODEL" -> Node.Kind.MODEL_CALL;
          case "TOOL" -> Node.Kind.TOOL_CALL;
          case "AGENT" -> parent == null ? Node.Kind.TURN : Node.Kind.SUBAGENT;
          default -> Node.Kind.OTHER;
        };
    Instant start = nanos(found.number(row, "start_time_unix_nano"));
    Instant end = nanos(found.number(row, "end_time_unix_nano"));
    String inputs = orEmpty(found.text(row, "inputs"));
    return new Node(
        id,
        kind,
        name,
        kind == Node.Kind.MODEL_CALL ? orEmpty(found.text(row, "model")) : Labels.of(inputs),
        start,
        end.isBefore(start) ? start : end,
        choice(Timing.class, found.text(row, "timing")),
        outcome(found, row),
        kind == Node.Kind.MODEL_CALL ? usage(found, row) : null,
        List.of(),
        List.of());
  }

  private static Outcome outcome(SqlRows found, int row) {
    if (ERROR.equals(found.text(row, "status_code"))) {
      return new Outcome.Failed("error", orEmpty(found.text(row, "status_message")));
    }
    return switch (orEmpty(found.text(row, "outcome"))) {
      case "interrupted" -> new Outcome.Interrupted();
      case "unfinished" -> new Outcome.Unfinished();
      default -> Outcome.OK;
    };
  }

  private static TokenUsage usage(SqlRows found, int row) {
    TokenUsage.Quality quality = choice(TokenUsage.Quality.class, found.text(row, "usage_quality"));
    if (found.text(row, "output_tokens") == null) {
      return TokenUsage.UNKNOWN;
    }
    return new TokenUsage(
        quality == null ? TokenUsage.Quality.EXACT : quality,
        found.number(row, "input_tokens"),
        found.number(row, "output_tokens"),
        found.number(row, "cache_read_tokens"),
        found.number(row, "cache_creation_tokens"));
  }

  private static <E extends Enum<E>> @Nullable E choice(Class<E> type, @Nullable String word) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(word)) {
        return value;
      }
    }
    return null;
  }

  private static TurnLine.Outcome outcome(@Nullable String status, boolean ended) {
    if (ERROR.equals(status)) {
      return TurnLine.Outcome.FAILED;
    }
    return ended ? TurnLine.Outcome.OK : TurnLine.Outcome.OPEN;
  }

  /** {@code claude_code_conversation} is Claude's, {@code codex_conversation} Codex's… */
  private static String agent(@Nullable String rootName) {
    if (rootName == null || !rootName.endsWith("_conversation")) {
      return "";
    }
    String agent = rootName.substring(0, rootName.length() - "_conversation".length());
    return agent.equals("claude_code") ? "claude" : agent;
  }

  private static @Nullable SpanId span(@Nullable String hex) {
    return hex == null || !hex.matches("[0-9a-f]{16}") ? null : new SpanId(hex);
  }

  private static Instant nanos(long sinceEpoch) {
    return Instant.ofEpochSecond(0, sinceEpoch);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** A dotted name, quoted where it must be. */
  private static String quoted(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("\\.", -1)) {
      boolean plain = part.matches("[A-Za-z_][A-Za-z0-9_]*");
      parts.add(plain ? part : "`" + part.replace("`", "``") + "`");
    }
    return String.join(".", parts);
  }

  static String latestStatement(String table, int most) {
    return """
    SELECT
      trace_id,
      MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN name END) AS name,
      MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN attributes:['session.id']::string END) AS session_id,
      MIN(start_time_unix_nano) AS start_time_unix_nano,
      MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN (end_time_unix_nano - start_time_unix_nano) DIV 1000000 END) AS duration_ms,
      MAX(CASE WHEN parent_span_id IS NULL OR parent_span_id = '' THEN status.code END) AS status_code,
      COUNT(DISTINCT span_id) AS spans,
      COUNT(DISTINCT CASE WHEN status.code = 'STATUS_CODE_ERROR' THEN span_id END) AS errors
    FROM %s
    GROUP BY trace_id
    ORDER BY start_time_unix_nano DESC, trace_id
    LIMIT %d\
    """
        .formatted(table, most);
  }

  static String spansStatement(String table) {
    return """
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
    FROM %s
    WHERE trace_id = :trace_id
    ORDER BY start_time_unix_nano, span_id\
    """
        .formatted(table);
  }
}
