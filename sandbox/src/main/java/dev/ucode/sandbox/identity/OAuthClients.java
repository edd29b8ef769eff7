package dev.ucode.sandbox.identity;

import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** OAuth clients of service principals. */
public final class OAuthClients {
  private OAuthClients() {}

  /** A client and its secret, which is stored only as a hash. */
  public record Client(String id, String secret) {
    @Override
    public String toString() {
      return "Client[" + id + ", ***]";
    }
  }

  /** Makes a client for an account. */
  public static Client create(Connection connection, String accountId) throws SQLException {
    Client client = new Client(UUID.randomUUID().toString(), "dose" + Secrets.random(16));
    Sql.update(
        connection,
        "INSERT INTO oauth_client (id, secret_hash, account_id) VALUES (?, ?, ?)",
        client.id(),
        Secrets.hash(client.secret()),
        accountId);
    return client;
  }

  /** The account of a client, or null where the id or the secret is wrong. */
  static @Nullable String account(Connection connection, String id, String secret)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT account_id FROM oauth_client WHERE id = ? AND secret_hash = ?",
        row -> row.getString(1),
        id,
        Secrets.hash(secret));
  }
}
