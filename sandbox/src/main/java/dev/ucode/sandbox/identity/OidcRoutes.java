package dev.ucode.sandbox.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Access;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.http.Server;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.store.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OAuth: discovery and {@code /oidc/v1/token} with the grants {@code client_credentials} and {@code
 * refresh_token}. Access tokens expire; a refresh token works once and is replaced.
 */
public final class OidcRoutes implements Routes {
  /** Setting: seconds until an access token made from now on expires. */
  public static final String LIFETIME = "oauth.lifetime_seconds";

  /** The platform's own lifetime. */
  private static final long DEFAULT_LIFETIME_SECONDS = 3600;

  /** The public client that the Databricks command line signs in with. */
  public static final String PUBLIC_CLIENT = "databricks-cli";

  private final Database database;
  private final InstantSource clock;

  public OidcRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    router.add("GET", "/.well-known/databricks-config", Access.OPEN, OidcRoutes::config);
    router.add(
        "GET", "/oidc/.well-known/oauth-authorization-server", Access.OPEN, OidcRoutes::metadata);
    router.add("GET", "/oidc/.well-known/openid-configuration", Access.OPEN, OidcRoutes::metadata);
    router.add("POST", "/oidc/v1/token", Access.OPEN, this::token);
  }

  private static Reply config(Request request) {
    return Reply.json(
        Json.object()
            .put("oidc_endpoint", request.baseUrl() + "/oidc")
            .put("account_id", "5a9db0c0-0000-4000-8000-000000000001")
            .put("workspace_id", Server.WORKSPACE_ID)
            .put("cloud", "AWS"));
  }

  private static Reply metadata(Request request) {
    String oidc = request.baseUrl() + "/oidc";
    ObjectNode json =
        Json.object()
            .put("issuer", oidc)
            .put("authorization_endpoint", oidc + "/v1/authorize")
            .put("token_endpoint", oidc + "/v1/token");
    json.putArray("grant_types_supported").add("client_credentials").add("refresh_token");
    json.putArray("scopes_supported").add("all-apis").add("offline_access");
    json.putArray("token_endpoint_auth_methods_supported")
        .add("client_secret_basic")
        .add("client_secret_post")
        .add("none");
    return Reply.json(json);
  }

  private Reply token(Request request) throws SQLException {
    Map<String, String> form = request.form();
    String grant = form.getOrDefault("grant_type", "");
    request.note("grant_type", grant);
    return switch (grant) {
      case "client_credentials" -> clientCredentials(request, form);
      case "refresh_token" -> refresh(form);
      default -> error(400, "unsupported_grant_type", "The grant type is not supported.");
    };
  }

  private Reply clientCredentials(Request request, Map<String, String> form) throws SQLException {
    String[] client = client(request, form);
    if (client == null) {
      return error(401, "invalid_client", "Client authentication failed.");
    }
    return database.write(
        connection -> {
          String account = OAuthClients.account(connection, client[0], client[1]);
          return account == null
              ? error(401, "invalid_client", "Client authentication failed.")
              : Reply.json(issue(connection, account, form.getOrDefault("scope", "all-apis")));
        });
  }

  /** Id and secret from the Basic header or the form. */
  private static String @Nullable [] client(Request request, Map<String, String> form) {
    String header = request.header("Authorization");
    if (header != null && header.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        String pair =
            new String(
                Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return colon < 0
            ? null
            : new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
      } catch (IllegalArgumentException notBase64) {
        return null;
      }
    }
    String id = form.get("client_id");
    String secret = form.get("client_secret");
    return id == null || secret == null ? null : new String[] {id, secret};
  }

  private Reply refresh(Map<String, String> form) throws SQLException {
    String token = form.getOrDefault("refresh_token", "");
    return database.write(
        connection -> {
          String account =
              Sql.first(
                  connection,
                  "DELETE FROM refresh_token WHERE hash = ? AND client_id = ? RETURNING account_id",
                  row -> row.getString(1),
                  Secrets.hash(token),
                  form.getOrDefault("client_id", PUBLIC_CLIENT));
          if (account == null) {
            return error(400, "invalid_grant", "The refresh token is invalid or was used.");
          }
          ObjectNode issued =
              issue(connection, account, form.getOrDefault("scope", "all-apis offline_access"));
          return Reply.json(issued.put("refresh_token", newRefreshToken(connection, account)));
        });
  }

  private ObjectNode issue(Connection connection, String account, String scope)
      throws SQLException {
    Duration lifetime = lifetime(connection);
    Instant now = clock.instant();
    String token = jwt(account, scope, now, now.plus(lifetime));
    Tokens.store(connection, token, account, now.plus(lifetime));
    return Json.object()
        .put("access_token", token)
        .put("token_type", "Bearer")
        .put("scope", scope)
        .put("expires_in", lifetime.toSeconds());
  }

  private static Duration lifetime(Connection connection) throws SQLException {
    String set = Settings.get(connection, LIFETIME);
    return Duration.ofSeconds(set == null ? DEFAULT_LIFETIME_SECONDS : Long.parseLong(set));
  }

  /**
   * A token that looks like the platform's to a client that peeks at its expiry. It is recognised
   * by its hash; the signature is random.
   */
  private static String jwt(String account, String scope, Instant issued, Instant expires) {
    return encode(Json.object().put("alg", "RS256").put("typ", "JWT"))
        + "."
        + encode(
            Json.object()
                .put("sub", account)
                .put("scope", scope)
                .put("iat", issued.getEpochSecond())
                .put("exp", expires.getEpochSecond()))
        + "."
        + Secrets.random(32);
  }

  private static String encode(ObjectNode json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Json.write(json).getBytes(StandardCharsets.UTF_8));
  }

  /** A new refresh token for the public client. */
  public static String newRefreshToken(Connection connection, String account) throws SQLException {
    String token = "doau" + Secrets.random(24);
    Sql.update(
        connection,
        "INSERT INTO refresh_token (hash, account_id, client_id) VALUES (?, ?, ?)",
        Secrets.hash(token),
        account,
        PUBLIC_CLIENT);
    return token;
  }

  private static Reply error(int status, String code, String description) {
    return Reply.json(
        status, Json.object().put("error", code).put("error_description", description));
  }
}
