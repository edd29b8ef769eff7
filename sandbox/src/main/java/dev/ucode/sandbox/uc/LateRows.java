package dev.ucode.sandbox.uc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to tables, at once or a while later. Rows that are held back survive a restart and keep
 * their order.
 */
public final class LateRows implements AutoCloseable {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS staged_row (
            id INTEGER PRIMARY KEY,
            visible_ms INTEGER NOT NULL,
            table_name TEXT NOT NULL,
            content TEXT NOT NULL) STRICT\
          """);

  private static final System.Logger LOG = System.getLogger(LateRows.class.getName());
  private final Database database;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  private LateRows(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Starts, and goes on with what an earlier run held back. */
  public static LateRows start(Database database, InstantSource clock) throws SQLException {
    LateRows rows = new LateRows(database, clock);
    List<Long> pending =
        database.read(
            connection ->
                Sql.list(
                    connection,
                    "SELECT DISTINCT visible_ms FROM staged_row",
                    row -> row.getLong(1)));
    for (long due : pending) {
      rows.wake(due - clock.millis());
    }
    return rows;
  }

  /**
   * Adds rows to a table, one map from column to value (text, whole number, decimal or null) each.
   * All rows of a call have the same columns.
   *
   * @param visibleAfter zero adds them in this transaction
   */
  public void add(
      Connection connection,
      String table,
      List<Map<String, @Nullable Object>> rows,
      Duration visibleAfter)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (visibleAfter.isZero()) {
      insert(connection, table, rows);
      return;
    }
    long due = clock.millis() + visibleAfter.toMillis();
    for (Map<String, @Nullable Object> row : rows) {
      Sql.update(
          connection,
          "INSERT INTO staged_row (visible_ms, table_name, content) VALUES (?, ?, ?)",
          due,
          table,
          Json.write(encode(row)));
    }
    wake(visibleAfter.toMillis());
  }

  private record Staged(String table, ObjectNode content) {}

  private void settle() {
    try {
      database.change(
          connection -> {
            long now = clock.millis();
            List<Staged> due =
                Sql.list(
                    connection,
                    "SELECT table_name, content FROM staged_row WHERE visible_ms <= ? ORDER BY id",
                    row -> new Staged(row.getString(1), (ObjectNode) Json.parse(row.getString(2))),
                    now);
            for (Staged row : due) {
              insert(connection, row.table(), List.of(decode(row.content())));
            }
            Sql.update(connection, "DELETE FROM staged_row WHERE visible_ms <= ?", now);
          });
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.ERROR, "held-back rows could not be added", e);
    }
  }

  private void wake(long delayMs) {
    var _ = timer.schedule(this::settle, Math.max(0, delayMs) + 1, TimeUnit.MILLISECONDS);
  }

  private static void insert(
      Connection connection, String table, List<Map<String, @Nullable Object>> rows)
      throws SQLException {
    List<String> columns = new ArrayList<>(rows.getFirst().keySet());
    StringBuilder sql = new StringBuilder("INSERT INTO ").append(Sql.identifier(table));
    sql.append(" (");
    sql.append(String.join(", ", columns.stream().map(Sql::identifier).toList()));
    sql.append(") VALUES (?").append(", ?".repeat(columns.size() - 1)).append(')');
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (Map<String, @Nullable Object> row : rows) {
        for (int i = 0; i < columns.size(); i++) {
          statement.setObject(i + 1, row.get(columns.get(i)));
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static ObjectNode encode(Map<String, @Nullable Object> row) {
    ObjectNode content = Json.object();
    row.forEach(
        (name, value) -> {
          switch (value) {
            case null -> content.putNull(name);
            case String text -> content.put(name, text);
            case Integer number -> content.put(name, number);
            case Long number -> content.put(name, number);
            case Double number -> content.put(name, number);
            default -> throw new IllegalArgumentException("no column value: " + value.getClass());
          }
        });
    return content;
  }

  private static Map<String, @Nullable Object> decode(ObjectNode content) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : content.properties()) {
      JsonNode value = member.getValue();
      Object decoded;
      if (value.isNull()) {
        decoded = null;
      } else if (value.isTextual()) {
        decoded = value.textValue();
      } else if (value.isIntegralNumber()) {
        decoded = value.longValue();
      } else {
        decoded = value.doubleValue();
      }
      row.put(member.getKey(), decoded);
    }
    return row;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
