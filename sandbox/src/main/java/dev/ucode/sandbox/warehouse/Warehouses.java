package dev.ucode.sandbox.warehouse;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Caller;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL warehouses as rows; their API is elsewhere. */
public final class Warehouses {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS warehouse (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            cluster_size TEXT NOT NULL,
            serverless INTEGER NOT NULL,
            auto_stop_mins INTEGER NOT NULL,
            creator_name TEXT NOT NULL,
            starting_until_ms INTEGER) STRICT\
          """);

  private Warehouses() {}

  /** As the platform names them. */
  public enum State {
    RUNNING,
    STARTING,
    STOPPING,
    STOPPED,
    DELETED
  }

  /**
   * A warehouse.
   *
   * @param id 16 hex digits
   * @param startingUntilMs when a STARTING one is up, in milliseconds since 1970; null otherwise
   */
  public record Warehouse(
      String id,
      String name,
      State state,
      String clusterSize,
      boolean serverless,
      int autoStopMinutes,
      String creatorName,
      @Nullable Long startingUntilMs) {}

  /** Adds a warehouse, or replaces the one of the same id. */
  public static void put(Connection connection, Warehouse warehouse) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT OR REPLACE INTO warehouse (id, name, state, cluster_size, serverless,
          auto_stop_mins, creator_name, starting_until_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        warehouse.id(),
        warehouse.name(),
        warehouse.state().name(),
        warehouse.clusterSize(),
        warehouse.serverless() ? 1 : 0,
        warehouse.autoStopMinutes(),
        warehouse.creatorName(),
        warehouse.startingUntilMs());
  }

  /** All of them but the deleted, by name. */
  public static List<Warehouse> all(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        "SELECT * FROM warehouse WHERE state <> 'DELETED' ORDER BY name",
        Warehouses::warehouse);
  }

  /** The one of that id, deleted or not. */
  public static @Nullable Warehouse byId(Connection connection, String id) throws SQLException {
    return Sql.first(connection, "SELECT * FROM warehouse WHERE id = ?", Warehouses::warehouse, id);
  }

  /**
   * Lets the tracing service compute on a warehouse: it must be named, exist, and be the caller's
   * to use. One that is stopped starts by itself, as on the platform, and is taken to be up at
   * once.
   *
   * @throws ApiException 400 where none is named, 404 where it does not exist, 403 where the caller
   *     may not use it
   */
  public static void requireUsable(Connection connection, Caller caller, @Nullable String id)
      throws SQLException {
    if (id == null || id.isEmpty()) {
      throw ApiException.invalid(
          "Could not resolve a SQL warehouse ID. Please provide a SQL warehouse ID in the"
              + " request.");
    }
    Warehouse found = byId(connection, id);
    if (found == null || found.state() == State.DELETED) {
      throw ApiException.missing("SQL warehouse " + id + " does not exist.");
    }
    caller.require(
        Permission.USE_WAREHOUSES,
        "You do not have permission to use the SQL warehouse " + id + ".");
  }

  private static Warehouse warehouse(ResultSet row) throws SQLException {
    long until = row.getLong("starting_until_ms");
    Long startingUntil = row.wasNull() ? null : Long.valueOf(until);
    return new Warehouse(
        row.getString("id"),
        row.getString("name"),
        State.valueOf(row.getString("state")),
        row.getString("cluster_size"),
        row.getInt("serverless") != 0,
        row.getInt("auto_stop_mins"),
        row.getString("creator_name"),
        startingUntil);
  }
}
