package dev.ucode.sandbox.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Named values that outlive a restart. */
public final class Settings {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT");

  private Settings() {}

  /** The value, or null where none was set. */
  public static @Nullable String get(Connection connection, String name) throws SQLException {
    return Sql.first(
        connection, "SELECT value FROM setting WHERE name = ?", row -> row.getString(1), name);
  }

  /** Sets the value. */
  public static void set(Connection connection, String name, String value) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value ="
            + " excluded.value",
        name,
        value);
  }
}
