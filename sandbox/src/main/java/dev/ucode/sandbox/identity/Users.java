package dev.ucode.sandbox.identity;

import dev.ucode.sandbox.http.Caller;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The workspace's people and service principals. */
public final class Users {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS account (
            id TEXT PRIMARY KEY,
            user_name TEXT NOT NULL UNIQUE,
            display_name TEXT NOT NULL,
            admin INTEGER NOT NULL,
            denied TEXT NOT NULL) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS access_token (
            hash TEXT PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            expires_ms INTEGER) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS refresh_token (
            hash TEXT PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            client_id TEXT NOT NULL) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS oauth_client (
            id TEXT PRIMARY KEY,
            secret_hash TEXT NOT NULL,
            account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE) STRICT\
          """);

  /** Tables whose rows outlive a reset, so that credentials given out stay valid. */
  public static final List<String> KEPT_BY_RESET =
      List.of("account", "access_token", "refresh_token", "oauth_client");

  private Users() {}

  /**
   * An account.
   *
   * @param admin whether it administers the workspace
   * @param denied what it may not do
   */
  public record Account(
      String id, String userName, String displayName, boolean admin, Set<Permission> denied) {
    public Account {
      denied = Set.copyOf(denied);
    }

    Caller caller() {
      return new Caller(id, userName, denied);
    }
  }

  /** Adds an account, or replaces the one of the same id. */
  public static void put(Connection connection, Account account) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO account (id, user_name, display_name, admin, denied) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name,
          display_name = excluded.display_name, admin = excluded.admin, denied = excluded.denied\
        """,
        account.id(),
        account.userName(),
        account.displayName(),
        account.admin() ? 1 : 0,
        account.denied().stream().map(Enum::name).sorted().collect(Collectors.joining(",")));
  }

  /** The account of that id. */
  public static @Nullable Account byId(Connection connection, String id) throws SQLException {
    return Sql.first(connection, "SELECT * FROM account WHERE id = ?", Users::account, id);
  }

  /** The account of that user name. */
  public static @Nullable Account byName(Connection connection, String userName)
      throws SQLException {
    return Sql.first(
        connection, "SELECT * FROM account WHERE user_name = ?", Users::account, userName);
  }

  static Account account(ResultSet row) throws SQLException {
    Set<Permission> denied = EnumSet.noneOf(Permission.class);
    for (String name : row.getString("denied").split(",", -1)) {
      if (!name.isEmpty()) {
        denied.add(Permission.valueOf(name));
      }
    }
    return new Account(
        row.getString("id"),
        row.getString("user_name"),
        row.getString("display_name"),
        row.getInt("admin") != 0,
        denied);
  }
}
