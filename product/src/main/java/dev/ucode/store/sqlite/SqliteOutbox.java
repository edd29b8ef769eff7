package dev.ucode.store.sqlite;

import static dev.ucode.store.sqlite.Columns.maybeTime;
import static dev.ucode.store.sqlite.Columns.nanos;
import static dev.ucode.store.sqlite.Columns.set;
import static dev.ucode.store.sqlite.Columns.time;

import dev.ucode.store.DestinationState;
import dev.ucode.store.Disclosure;
import dev.ucode.store.Outbox;
import dev.ucode.store.Parcel;
import dev.ucode.store.SpanState;
import dev.ucode.store.SpanStatus;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceJson;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables parcel, delivery, destination and disclosure. */
final class SqliteOutbox implements Outbox {
  private final Database database;

  SqliteOutbox(Database database) {
    this.database = database;
  }

  @Override
  public List<String> destinations() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT DISTINCT destination FROM parcel WHERE state = 'WAITING'"
                      + " ORDER BY destination");
          try (ResultSet rows = select.executeQuery()) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
              all.add(rows.getString(1));
            }
            return all;
          }
        });
  }

  @Override
  public @Nullable Parcel next(String destination, Instant now) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT * FROM parcel WHERE state = 'WAITING' AND destination = ?"
                      + " AND next_attempt <= ? ORDER BY next_attempt, accepted, trace_id LIMIT 1");
          select.setString(1, destination);
          select.setLong(2, nanos(now));
          return one(select);
        });
  }

  @Override
  public @Nullable Instant nextAttempt(String destination) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT min(next_attempt) AS next FROM parcel"
                      + " WHERE state = 'WAITING' AND destination = ?");
          select.setString(1, destination);
          try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? maybeTime(rows, "next") : null;
          }
        });
  }

  @Override
  public @Nullable Parcel find(TraceId trace, String destination) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared("SELECT * FROM parcel WHERE trace_id = ? AND destination = ?");
          select.setString(1, trace.hex());
          select.setString(2, destination);
          return one(select);
        });
  }

  @Override
  public List<Parcel> cutOff() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT * FROM parcel WHERE (trace_id, destination) IN"
                      + " (SELECT trace_id, destination FROM delivery WHERE status = 'SENDING')");
          try (ResultSet rows = select.executeQuery()) {
            List<Parcel> found = new ArrayList<>();
            while (rows.next()) {
              found.add(parcel(rows));
            }
            return found;
          }
        });
  }

  @Override
  public List<Span> spans(TraceId trace, List<SpanId> ids) {
    Set<String> wanted = new HashSet<>();
    for (SpanId id : ids) {
      wanted.add(id.hex());
    }
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared(
                  "SELECT span_id, body FROM span WHERE trace_id = ? AND body IS NOT NULL"
                      + " ORDER BY seq");
          select.setString(1, trace.hex());
          try (ResultSet rows = select.executeQuery()) {
            List<Span> found = new ArrayList<>();
            while (rows.next()) {
              if (wanted.contains(rows.getString("span_id"))) {
                found.add(TraceJson.readSpan(Columns.json(rows.getString("body"))));
              }
            }
            return found;
          }
        });
  }

  @Override
  public void put(Parcel parcel, List<SpanState> changed) {
    database.write(
        "parcel",
        () -> {
          write(parcel, changed);
          return null;
        });
  }

  @Override
  public long begin(
      Parcel parcel, List<SpanState> changed, Disclosure.What what, long bytes, Instant now) {
    return database.write(
        "begin",
        () -> {
          write(parcel, changed);
          PreparedStatement insert =
              database.prepared(
                  "INSERT INTO disclosure (trace_id, destination, what, spans, bytes, sent)"
                      + " VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
          insert.setString(1, parcel.trace().hex());
          insert.setString(2, parcel.destination());
          insert.setString(3, what.name());
          insert.setInt(4, changed.size());
          insert.setLong(5, bytes);
          insert.setLong(6, nanos(now));
          try (ResultSet rows = insert.executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  @Override
  public void end(
      long request,
      Parcel parcel,
      List<SpanState> changed,
      DestinationState destination,
      String outcome,
      boolean acknowledged,
      Instant now) {
    database.write(
        "end",
        () -> {
          write(parcel, changed);
          write(destination);
          PreparedStatement update =
              database.prepared(
                  "UPDATE disclosure SET ended = ?, outcome = ?, acknowledged = ? WHERE id = ?");
          update.setLong(1, nanos(now));
          update.setString(2, outcome);
          set(update, 3, acknowledged ? now : null);
          update.setLong(4, request);
          update.executeUpdate();
          return null;
        });
  }

  @Override
  public void answered(Parcel parcel, List<SpanState> changed, Instant now) {
    database.write(
        "answer",
        () -> {
          write(parcel, changed);
          boolean whole = true;
          for (SpanState span : parcel.spans()) {
            whole &= span.status() == SpanStatus.DELIVERED || span.status() == SpanStatus.REJECTED;
          }
          if (whole) {
            PreparedStatement update =
                database.prepared(
                    "UPDATE disclosure SET acknowledged = ? WHERE trace_id = ? AND destination = ?"
                        + " AND what = 'SPANS' AND acknowledged IS NULL");
            update.setLong(1, nanos(now));
            update.setString(2, parcel.trace().hex());
            update.setString(3, parcel.destination());
            update.executeUpdate();
          }
          return null;
        });
  }

  @Override
  public DestinationState destination(String id) {
    return database.read(
        () -> {
          PreparedStatement select = database.prepared("SELECT * FROM destination WHERE id = ?");
          select.setString(1, id);
          try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? destination(rows) : DestinationState.fresh(id);
          }
        });
  }

  @Override
  public void put(DestinationState destination) {
    database.write(
        "destination",
        () -> {
          write(destination);
          return null;
        });
  }

  @Override
  public boolean replay(TraceId trace, String destination, Instant now) {
    return database.write(
        "replay",
        () -> {
          PreparedStatement spans =
              database.prepared(
                  "UPDATE delivery SET status = 'PENDING', since = NULL"
                      + " WHERE trace_id = ? AND destination = ? AND status = 'REJECTED'");
          spans.setString(1, trace.hex());
          spans.setString(2, destination);
          spans.executeUpdate();
          PreparedStatement parcel =
              database.prepared(
                  "UPDATE parcel SET state = 'WAITING', next_attempt = ?, attempts = 0,"
                      + " most_spans = ?, rejections = 0, why = NULL"
                      + " WHERE trace_id = ? AND destination = ? AND state = 'QUARANTINED'");
          parcel.setLong(1, nanos(now));
          parcel.setInt(2, Parcel.ALL);
          parcel.setString(3, trace.hex());
          parcel.setString(4, destination);
          return parcel.executeUpdate() > 0;
        });
  }

  private void write(Parcel parcel, List<SpanState> changed) throws SQLException {
    PreparedStatement update =
        database.prepared(
            "UPDATE parcel SET state = ?, info_sent = ?, tags = ?, next_attempt = ?, attempts = ?,"
                + " most_spans = ?, rejections = ?, why = ?"
                + " WHERE trace_id = ? AND destination = ?");
    update.setString(1, parcel.state().name());
    update.setBoolean(2, parcel.infoSent());
    update.setString(3, Columns.strings(parcel.tags()));
    update.setLong(4, nanos(parcel.nextAttempt()));
    update.setInt(5, parcel.attempts());
    update.setInt(6, parcel.mostSpans());
    update.setInt(7, parcel.rejections());
    set(update, 8, parcel.why());
    update.setString(9, parcel.trace().hex());
    update.setString(10, parcel.destination());
    if (update.executeUpdate() != 1) {
      throw new SQLException("no parcel " + parcel.trace() + " for " + parcel.destination());
    }
    PreparedStatement span =
        database.prepared(
            "UPDATE delivery SET status = ?, since = ?, attempts = ?, doubled = ?"
                + " WHERE trace_id = ? AND destination = ? AND span_id = ?");
    for (SpanState state : changed) {
      span.setString(1, state.status().name());
      set(span, 2, state.since());
      span.setInt(3, state.attempts());
      span.setBoolean(4, state.doubled());
      span.setString(5, parcel.trace().hex());
      span.setString(6, parcel.destination());
      span.setString(7, state.id().hex());
      span.executeUpdate();
    }
    if (parcel.state() == Parcel.State.DELIVERED) {
      forget(parcel.trace());
    }
  }

  /** Content that was only kept to be sent goes when everybody has it. */
  private void forget(TraceId trace) throws SQLException {
    PreparedStatement header =
        database.prepared(
            "UPDATE trace SET prompt = '' WHERE trace_id = ?1 AND keep_content = 0 AND NOT EXISTS"
                + " (SELECT 1 FROM parcel WHERE trace_id = ?1 AND state <> 'DELIVERED')");
    header.setString(1, trace.hex());
    if (header.executeUpdate() > 0) {
      PreparedStatement bodies =
          database.prepared("UPDATE span SET body = NULL WHERE trace_id = ?");
      bodies.setString(1, trace.hex());
      bodies.executeUpdate();
    }
  }

  private void write(DestinationState destination) throws SQLException {
    PreparedStatement insert =
        database.prepared(
            "INSERT OR REPLACE INTO destination (id, retry_at, failures, blocked, last_error,"
                + " last_error_at, last_delivery) VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.setString(1, destination.id());
    set(insert, 2, destination.retryAt());
    insert.setInt(3, destination.failures());
    set(insert, 4, destination.blocked());
    set(insert, 5, destination.lastError());
    set(insert, 6, destination.lastErrorAt());
    set(insert, 7, destination.lastDelivery());
    insert.executeUpdate();
  }

  private static DestinationState destination(ResultSet row) throws SQLException {
    return new DestinationState(
        row.getString("id"),
        time(row, "retry_at"),
        row.getInt("failures"),
        row.getString("blocked"),
        row.getString("last_error"),
        maybeTime(row, "last_error_at"),
        maybeTime(row, "last_delivery"));
  }

  private @Nullable Parcel one(PreparedStatement select) throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? parcel(rows) : null;
    }
  }

  private Parcel parcel(ResultSet row) throws SQLException {
    String trace = row.getString("trace_id");
    String destination = row.getString("destination");
    return new Parcel(
        new TraceId(trace),
        destination,
        time(row, "accepted"),
        Parcel.State.valueOf(row.getString("state")),
        states(trace, destination),
        row.getBoolean("info_sent"),
        Columns.strings(row.getString("tags")),
        time(row, "next_attempt"),
        row.getInt("attempts"),
        row.getInt("most_spans"),
        row.getInt("rejections"),
        row.getString("why"));
  }

  private List<SpanState> states(String trace, String destination) throws SQLException {
    PreparedStatement select =
        database.prepared(
            "SELECT * FROM delivery WHERE trace_id = ? AND destination = ? ORDER BY seq");
    select.setString(1, trace);
    select.setString(2, destination);
    try (ResultSet rows = select.executeQuery()) {
      List<SpanState> all = new ArrayList<>();
      while (rows.next()) {
        all.add(
            new SpanState(
                new SpanId(rows.getString("span_id")),
                rows.getLong("size"),
                SpanStatus.valueOf(rows.getString("status")),
                maybeTime(rows, "since"),
                rows.getInt("attempts"),
                rows.getBoolean("doubled")));
      }
      return all;
    }
  }
}
