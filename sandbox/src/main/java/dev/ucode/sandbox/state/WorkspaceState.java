package dev.ucode.sandbox.state;

import dev.ucode.sandbox.identity.Users;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.UcCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which starting state the database was filled with, and filling it anew. */
public final class WorkspaceState {
  private static final String SETTING = "starting_state";

  private WorkspaceState() {}

  /** Whether the database was filled before. */
  public static boolean filled(Connection connection) throws SQLException {
    return Settings.get(connection, SETTING) != null;
  }

  /** The state it was filled with. */
  public static StartingState current(Connection connection) throws SQLException {
    @Nullable String word = Settings.get(connection, SETTING);
    return word == null ? StartingState.PROVISIONED : StartingState.of(word);
  }

  /** Empties the database, but for users and their tokens, and fills it. */
  public static void reset(Connection connection, StartingState state, long nowMs)
      throws SQLException {
    UcCatalog.dropAll(connection);
    List<String> tables =
        Sql.list(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            row -> row.getString(1));
    for (String table : tables) {
      if (!Users.KEPT_BY_RESET.contains(table)) {
        Sql.update(connection, "DELETE FROM " + Sql.identifier(table));
      }
    }
    state.fill(connection, nowMs);
    Settings.set(connection, SETTING, state.word());
  }
}
