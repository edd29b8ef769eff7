package dev.ucode.store.sqlite;

import static dev.ucode.store.sqlite.Columns.maybeTime;
import static dev.ucode.store.sqlite.Columns.nanos;
import static dev.ucode.store.sqlite.Columns.time;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.store.Counter;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.Disclosure;
import dev.ucode.store.Parcel;
import dev.ucode.store.SessionLine;
import dev.ucode.store.SessionState;
import dev.ucode.store.TraceLine;
import dev.ucode.store.Views;
import dev.ucode.trace.Span;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceJson;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries for people. */
final class SqliteViews implements Views {
  private final Database database;

  SqliteViews(Database database) {
    this.database = database;
  }

  @Override
  public List<DeliveryFigures> deliveries() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  """
                  SELECT p.destination AS id, count(*) AS accepted,
                    sum(p.state = 'WAITING') AS pending,
                    min(iif(p.state = 'WAITING', p.accepted, NULL)) AS oldest,
                    sum(p.state = 'DELIVERED') AS delivered,
                    sum(p.state = 'QUARANTINED') AS rejected,
                    min(iif(p.state = 'WAITING', p.next_attempt, NULL)) AS next_attempt,
                    (SELECT count(DISTINCT trace_id) FROM delivery
                      WHERE destination = p.destination AND status IN ('SENDING', 'UNKNOWN'))
                      AS in_doubt,
                    (SELECT count(*) FROM delivery
                      WHERE destination = p.destination AND status = 'DELIVERED') AS spans,
                    (SELECT count(*) FROM delivery
                      WHERE destination = p.destination AND doubled = 1) AS doubled,
                    d.retry_at, d.blocked, d.last_error, d.last_error_at, d.last_delivery
                  FROM parcel p LEFT JOIN destination d ON d.id = p.destination
                  GROUP BY p.destination ORDER BY p.destination
                  """);
          try (ResultSet rows = select.executeQuery()) {
            List<DeliveryFigures> all = new ArrayList<>();
            while (rows.next()) {
              all.add(figures(rows));
            }
            return all;
          }
        });
  }

  private static DeliveryFigures figures(ResultSet row) throws SQLException {
    Instant next = maybeTime(row, "next_attempt");
    Instant retry = maybeTime(row, "retry_at");
    return new DeliveryFigures(
        row.getString("id"),
        row.getLong("accepted"),
        row.getLong("pending"),
        maybeTime(row, "oldest"),
        row.getLong("in_doubt"),
        row.getLong("delivered"),
        row.getLong("rejected"),
        row.getLong("spans"),
        row.getLong("doubled"),
        row.getString("blocked"),
        row.getString("last_error"),
        maybeTime(row, "last_error_at"),
        maybeTime(row, "last_delivery"),
        next != null && retry != null && retry.isAfter(next) ? retry : next);
  }

  @Override
  public List<TraceLine> traces(TraceQuery query) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  """
                  SELECT t.*, p.destination AS destination, p.state AS delivery
                  FROM trace t LEFT JOIN parcel p ON p.trace_id = t.trace_id
                  WHERE (?1 IS NULL OR t.session = ?1) AND t.started < ?2
                  ORDER BY t.started DESC, t.trace_id LIMIT ?3
                  """);
          SessionId session = query.session();
          Instant before = query.before();
          Columns.set(select, 1, session == null ? null : session.value());
          select.setLong(2, before == null ? Long.MAX_VALUE : nanos(before));
          select.setInt(3, query.most());
          try (ResultSet rows = select.executeQuery()) {
            List<TraceLine> all = new ArrayList<>();
            while (rows.next()) {
              String delivery = rows.getString("delivery");
              all.add(
                  new TraceLine(
                      new TraceId(rows.getString("trace_id")),
                      new AgentId(rows.getString("agent")),
                      new SessionId(rows.getString("session")),
                      rows.getString("name"),
                      time(rows, "started"),
                      time(rows, "ended"),
                      Trace.State.valueOf(rows.getString("state")),
                      rows.getString("prompt"),
                      rows.getInt("spans"),
                      usage(rows),
                      rows.getBoolean("announced"),
                      rows.getString("destination"),
                      delivery == null ? null : Parcel.State.valueOf(delivery)));
            }
            return all;
          }
        });
  }

  @Override
  public List<SessionLine> sessions(int most) {
    return database.read(
        () -> {
          // SQLite takes the bare columns from the row that min() found.
          PreparedStatement select =
              database.prepared(
                  """
                  SELECT t.agent, t.session, s.folder, min(t.started) AS started, t.prompt,
                    max(t.ended) AS ended, count(*) AS traces, sum(t.state = 'ERROR') AS errors,
                    sum(t.input_tokens) AS input_tokens, sum(t.output_tokens) AS output_tokens,
                    sum(t.cache_read_tokens) AS cache_read_tokens,
                    sum(t.cache_creation_tokens) AS cache_creation_tokens,
                    group_concat(DISTINCT t.usage_quality) AS qualities
                  FROM trace t
                  LEFT JOIN session s ON s.agent = t.agent AND s.session = t.session
                  GROUP BY t.agent, t.session ORDER BY max(t.started) DESC LIMIT ?
                  """);
          select.setInt(1, most);
          try (ResultSet rows = select.executeQuery()) {
            List<SessionLine> all = new ArrayList<>();
            while (rows.next()) {
              String folder = rows.getString("folder");
              all.add(
                  new SessionLine(
                      new AgentId(rows.getString("agent")),
                      new SessionId(rows.getString("session")),
                      folder == null ? null : Path.of(folder),
                      time(rows, "started"),
                      time(rows, "ended"),
                      rows.getInt("traces"),
                      rows.getInt("errors"),
                      rows.getString("prompt"),
                      usage(rows, weakest(rows.getString("qualities")))));
            }
            return all;
          }
        });
  }

  @Override
  public @Nullable Trace trace(TraceId id) {
    return database.read(
        () -> {
          PreparedStatement select = database.prepared("SELECT * FROM trace WHERE trace_id = ?");
          select.setString(1, id.hex());
          try (ResultSet rows = select.executeQuery()) {
            List<Span> spans = rows.next() ? spans(id) : List.of();
            return spans.isEmpty()
                ? null
                : new Trace(
                    id,
                    new SessionId(rows.getString("session")),
                    new AgentId(rows.getString("agent")),
                    rows.getString("prompt_uuid"),
                    time(rows, "started"),
                    time(rows, "ended"),
                    Trace.State.valueOf(rows.getString("state")),
                    spans,
                    Columns.strings(rows.getString("metadata")),
                    Columns.strings(rows.getString("tags")));
          }
        });
  }

  private List<Span> spans(TraceId id) throws SQLException {
    PreparedStatement select =
        database.prepared(
            "SELECT body FROM span WHERE trace_id = ? AND body IS NOT NULL ORDER BY seq");
    select.setString(1, id.hex());
    try (ResultSet rows = select.executeQuery()) {
      List<Span> all = new ArrayList<>();
      while (rows.next()) {
        all.add(TraceJson.readSpan(Columns.json(rows.getString("body"))));
      }
      return all;
    }
  }

  @Override
  public List<TraceId> idsStartingWith(String hex, int most) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT trace_id FROM trace WHERE trace_id >= ?1 AND trace_id < ?1 || 'g'"
                      + " ORDER BY started DESC LIMIT ?2");
          select.setString(1, hex);
          select.setInt(2, most);
          try (ResultSet rows = select.executeQuery()) {
            List<TraceId> all = new ArrayList<>();
            while (rows.next()) {
              all.add(new TraceId(rows.getString(1)));
            }
            return all;
          }
        });
  }

  @Override
  public List<Disclosure> disclosures(TraceId id) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT d.*, t.mode, t.masked FROM disclosure d"
                      + " JOIN trace t ON t.trace_id = d.trace_id"
                      + " WHERE d.trace_id = ? ORDER BY d.id");
          select.setString(1, id.hex());
          try (ResultSet rows = select.executeQuery()) {
            List<Disclosure> all = new ArrayList<>();
            while (rows.next()) {
              all.add(
                  new Disclosure(
                      id,
                      rows.getString("destination"),
                      Disclosure.What.valueOf(rows.getString("what")),
                      rows.getInt("spans"),
                      rows.getLong("bytes"),
                      rows.getString("mode"),
                      Columns.counts(rows.getString("masked")),
                      time(rows, "sent"),
                      maybeTime(rows, "ended"),
                      rows.getString("outcome"),
                      maybeTime(rows, "acknowledged")));
            }
            return all;
          }
        });
  }

  @Override
  public List<Counter> counters() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared("SELECT * FROM counter ORDER BY agent, agent_version, name");
          try (ResultSet rows = select.executeQuery()) {
            List<Counter> all = new ArrayList<>();
            while (rows.next()) {
              all.add(
                  new Counter(
                      new AgentId(rows.getString("agent")),
                      rows.getString("agent_version"),
                      rows.getString("name"),
                      rows.getLong("count")));
            }
            return all;
          }
        });
  }

  @Override
  public List<Quarantined> quarantined() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  """
                  SELECT p.*, (SELECT count(*) FROM delivery d WHERE d.trace_id = p.trace_id
                    AND d.destination = p.destination AND d.status = 'REJECTED') AS refused
                  FROM parcel p WHERE p.state = 'QUARANTINED' ORDER BY p.accepted DESC, p.trace_id
                  """);
          try (ResultSet rows = select.executeQuery()) {
            List<Quarantined> all = new ArrayList<>();
            while (rows.next()) {
              String why = rows.getString("why");
              all.add(
                  new Quarantined(
                      new TraceId(rows.getString("trace_id")),
                      rows.getString("destination"),
                      rows.getInt("refused"),
                      why == null ? "" : why,
                      time(rows, "next_attempt")));
            }
            return all;
          }
        });
  }

  @Override
  public List<SessionState> troubled() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT * FROM session WHERE trouble IS NOT NULL ORDER BY last_event DESC");
          try (ResultSet rows = select.executeQuery()) {
            List<SessionState> all = new ArrayList<>();
            while (rows.next()) {
              all.add(SqliteSessions.state(rows));
            }
            return all;
          }
        });
  }

  private static TokenUsage usage(ResultSet row) throws SQLException {
    return usage(row, TokenUsage.Quality.valueOf(row.getString("usage_quality")));
  }

  private static TokenUsage usage(ResultSet row, TokenUsage.Quality quality) throws SQLException {
    return new TokenUsage(
        quality,
        row.getLong("input_tokens"),
        row.getLong("output_tokens"),
        row.getLong("cache_read_tokens"),
        row.getLong("cache_creation_tokens"));
  }

  /** The least trustworthy of some qualities, where unknown ones say nothing. */
  private static TokenUsage.Quality weakest(String qualities) {
    TokenUsage sum = TokenUsage.UNKNOWN;
    for (String quality : qualities.split(",", -1)) {
      sum = sum.plus(new TokenUsage(TokenUsage.Quality.valueOf(quality), 0, 0, 0, 0));
    }
    return sum.quality();
  }
}
