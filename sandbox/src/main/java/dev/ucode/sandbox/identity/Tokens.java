package dev.ucode.sandbox.identity;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Authenticator;
import dev.ucode.sandbox.http.Caller;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Bearer tokens: issued, stored as hashes, recognised until they expire. */
public final class Tokens implements Authenticator {
  private final Database database;
  private final InstantSource clock;
  private final byte[] adminToken;

  /**
   * @param adminToken opens {@code /sandbox/...} and nothing else
   */
  public Tokens(Database database, InstantSource clock, String adminToken) {
    this.database = database;
    this.clock = clock;
    this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
  }

  /** A new personal access token, which has no end. Only its hash is stored. */
  public static String newPersonal(Connection connection, String accountId) throws SQLException {
    String token = "dapi" + Secrets.random(16);
    store(connection, token, accountId, null);
    return token;
  }

  /** A new secret that opens the admin endpoints. */
  public static String newAdmin() {
    return "sandbox-admin-" + Secrets.random(16);
  }

  /** Makes a token known. */
  static void store(
      Connection connection, String token, String accountId, @Nullable Instant expires)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO access_token (hash, account_id, expires_ms) VALUES (?, ?, ?)",
        Secrets.hash(token),
        accountId,
        expires == null ? null : expires.toEpochMilli());
  }

  /**
   * Ends OAuth access tokens before their time; personal access tokens have no end.
   *
   * @param userName whose, or null for everybody's
   * @return how many
   */
  public static int expire(Connection connection, @Nullable String userName, long nowMs)
      throws SQLException {
    return Sql.update(
        connection,
        """
        UPDATE access_token SET expires_ms = ?1 WHERE expires_ms > ?1 AND (?2 IS NULL
          OR account_id IN (SELECT id FROM account WHERE user_name = ?2))\
        """,
        nowMs,
        userName);
  }

  @Override
  public Caller user(String bearer) {
    Users.Account account;
    try {
      account =
          database.read(
              connection ->
                  Sql.first(
                      connection,
                      """
                      SELECT a.* FROM access_token t JOIN account a ON a.id = t.account_id
                      WHERE t.hash = ? AND (t.expires_ms IS NULL OR t.expires_ms > ?)\
                      """,
                      Users::account,
                      Secrets.hash(bearer),
                      clock.millis()));
    } catch (SQLException e) {
      throw new IllegalStateException("the token table cannot be read", e);
    }
    if (account == null) {
      throw ApiException.unauthenticated("Invalid access token.");
    }
    return account.caller();
  }

  @Override
  public boolean isAdmin(String bearer) {
    return MessageDigest.isEqual(adminToken, bearer.getBytes(StandardCharsets.UTF_8));
  }
}
