package dev.ucode.store.sqlite;

import static dev.ucode.store.sqlite.Columns.maybeTime;
import static dev.ucode.store.sqlite.Columns.set;
import static dev.ucode.store.sqlite.Columns.time;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.store.Harvest;
import dev.ucode.store.SessionState;
import dev.ucode.store.Sessions;
import dev.ucode.store.Visit;
import dev.ucode.transcript.Cursor;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Table {@code session}. */
final class SqliteSessions implements Sessions {
  private final Database database;
  private final Ledger ledger;

  SqliteSessions(Database database) {
    this.database = database;
    this.ledger = new Ledger(database);
  }

  @Override
  public @Nullable SessionState find(AgentId agent, SessionId session) {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared("SELECT * FROM session WHERE agent = ? AND session = ?");
          select.setString(1, agent.value());
          select.setString(2, session.value());
          try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? state(rows) : null;
          }
        });
  }

  @Override
  public List<SessionState> living() {
    return database.read(
        () -> {
          PreparedStatement select =
              database.prepared("SELECT * FROM session WHERE over = 0 ORDER BY last_event DESC");
          try (ResultSet rows = select.executeQuery()) {
            List<SessionState> found = new ArrayList<>();
            while (rows.next()) {
              found.add(state(rows));
            }
            return found;
          }
        });
  }

  @Override
  public void put(SessionState state) {
    database.write(
        "session",
        () -> {
          write(state);
          return null;
        });
  }

  @Override
  public Stored harvest(Harvest harvest) {
    return database.write(
        "harvest",
        () -> {
          write(harvest.after());
          return ledger.enter(harvest);
        });
  }

  private void write(SessionState state) throws SQLException {
    PreparedStatement insert =
        database.prepared(
            "INSERT OR REPLACE INTO session (agent, session, destination, transcript, folder,"
                + " cursor_offset, cursor_memory, visits, first_event, last_event, stopped, ended,"
                + " unread, over, turn_open, agents_running, agent_version, trouble, troubles)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Path transcript = state.transcript();
    Path folder = state.folder();
    insert.setString(1, state.agent().value());
    insert.setString(2, state.session().value());
    insert.setString(3, state.destination());
    set(insert, 4, transcript == null ? null : transcript.toString());
    set(insert, 5, folder == null ? null : folder.toString());
    insert.setLong(6, state.cursor().offset());
    insert.setString(7, state.cursor().memory().write());
    insert.setString(8, visits(state.visits()));
    set(insert, 9, state.firstEvent());
    set(insert, 10, state.lastEvent());
    set(insert, 11, state.stopped());
    set(insert, 12, state.ended());
    insert.setBoolean(13, state.unread());
    insert.setBoolean(14, state.over());
    insert.setBoolean(15, state.turnOpen());
    insert.setInt(16, state.agentsRunning());
    insert.setString(17, state.agentVersion());
    set(insert, 18, state.trouble());
    insert.setInt(19, state.troubles());
    insert.executeUpdate();
  }

  /** A row of {@code session}. */
  static SessionState state(ResultSet row) throws SQLException {
    String transcript = row.getString("transcript");
    String folder = row.getString("folder");
    Json memory = Columns.json(row.getString("cursor_memory"));
    return new SessionState(
        new AgentId(row.getString("agent")),
        new SessionId(row.getString("session")),
        row.getString("destination"),
        transcript == null ? null : Path.of(transcript),
        folder == null ? null : Path.of(folder),
        memory instanceof Json.Obj object
            ? new Cursor(row.getLong("cursor_offset"), object)
            : Cursor.START,
        visits(row.getString("visits")),
        time(row, "first_event"),
        time(row, "last_event"),
        maybeTime(row, "stopped"),
        maybeTime(row, "ended"),
        row.getBoolean("unread"),
        row.getBoolean("over"),
        row.getBoolean("turn_open"),
        row.getInt("agents_running"),
        row.getString("agent_version"),
        row.getString("trouble"),
        row.getInt("troubles"));
  }

  private static String visits(List<Visit> visits) {
    List<Json> all = new ArrayList<>(visits.size());
    for (Visit visit : visits) {
      all.add(
          Json.object()
              .put("process", visit.process())
              .putIfPresent("start", text(visit.processStart()))
              .put("from", visit.from().toString())
              .putIfPresent("until", text(visit.until()))
              .build());
    }
    return new Json.Arr(all).write();
  }

  private static List<Visit> visits(String text) throws SQLException {
    List<Visit> all = new ArrayList<>();
    if (Columns.json(text) instanceof Json.Arr(List<Json> items)) {
      for (Json item : items) {
        Instant from = instant(item, "from");
        if (from == null) {
          throw new SQLException("a visit without a beginning in the store");
        }
        all.add(
            new Visit(
                item.number("process", 0), instant(item, "start"), from, instant(item, "until")));
      }
    }
    return all;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable Instant instant(Json from, String name) {
    String text = from.text(name);
    return text == null ? null : Instant.parse(text);
  }
}
