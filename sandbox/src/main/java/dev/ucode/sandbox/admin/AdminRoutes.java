package dev.ucode.sandbox.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.fault.Faults;
import dev.ucode.sandbox.http.Access;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.CallLog;
import dev.ucode.sandbox.http.CallRecord;
import dev.ucode.sandbox.http.Handler;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.identity.OidcRoutes;
import dev.ucode.sandbox.identity.Tokens;
import dev.ucode.sandbox.identity.Users;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.state.WorkspaceState;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.UcCatalog;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's own endpoints, opened by its admin token:
 *
 * <ul>
 *   <li>{@code GET /sandbox/health} (no token)
 *   <li>{@code GET /sandbox/status}: the state, and every table with its number of rows
 *   <li>{@code GET, POST, DELETE /sandbox/faults}, {@code DELETE /sandbox/faults/{id}}
 *   <li>{@code GET, DELETE /sandbox/requests} with {@code path, method, since, limit}
 *   <li>{@code POST /sandbox/reset {"state"}}
 *   <li>{@code POST /sandbox/users {"user_name","display_name","admin","denied":[…]}}: a token for
 *       a user, who is made or changed
 *   <li>{@code POST /sandbox/refresh-tokens {"user_name"}}
 *   <li>{@code POST /sandbox/tokens/expire {"user_name"}}: that user's OAuth tokens, or all
 *   <li>{@code POST /sandbox/settings {"oauth_lifetime_seconds"}}
 *   <li>{@code POST /sandbox/stop}
 * </ul>
 */
public final class AdminRoutes implements Routes {
  private static final int DEFAULT_LIMIT = 1000;
  private final String name;
  private final Database database;
  private final Faults faults;
  private final CallLog calls;
  private final InstantSource clock;
  private final Runnable stop;

  /**
   * @param name of this sandbox
   * @param stop ends the server soon; returns at once
   */
  public AdminRoutes(
      String name,
      Database database,
      Faults faults,
      CallLog calls,
      InstantSource clock,
      Runnable stop) {
    this.name = name;
    this.database = database;
    this.faults = faults;
    this.calls = calls;
    this.clock = clock;
    this.stop = stop;
  }

  @Override
  public void register(Router router) {
    router.add("GET", "/sandbox/health", Access.OPEN, this::health);
    admin(router, "GET", "faults", _ -> Reply.json(Json.object().set("faults", faults.json())));
    admin(router, "POST", "faults", request -> Reply.json(faults.add(request.json())));
    admin(
        router,
        "DELETE",
        "faults",
        _ -> {
          faults.clear();
          return Reply.done();
        });
    admin(
        router,
        "DELETE",
        "faults/{id}",
        request -> {
          faults.remove(request.pathParameter("id"));
          return Reply.done();
        });
    admin(router, "GET", "status", this::status);
    admin(router, "GET", "requests", this::requests);
    admin(
        router,
        "DELETE",
        "requests",
        _ -> {
          calls.clear();
          return Reply.done();
        });
    admin(router, "POST", "reset", this::reset);
    admin(router, "POST", "users", this::user);
    admin(router, "POST", "refresh-tokens", this::refreshToken);
    admin(router, "POST", "tokens/expire", this::expire);
    admin(router, "POST", "settings", this::settings);
    admin(
        router,
        "POST",
        "stop",
        _ -> {
          stop.run();
          return Reply.done();
        });
  }

  private static void admin(Router router, String method, String path, Handler handler) {
    router.add(method, "/sandbox/" + path, Access.ADMIN, handler);
  }

  private Reply health(Request request) throws SQLException {
    String state = database.read(WorkspaceState::current).word();
    return Reply.json(
        Json.object()
            .put("status", "ok")
            .put("name", name)
            .put("state", state)
            .put("pid", ProcessHandle.current().pid()));
  }

  private Reply status(Request request) throws SQLException {
    ObjectNode reply = Json.object();
    reply.put("state", database.read(WorkspaceState::current).word());
    reply.put("requests", calls.find(call -> !call.path().startsWith("/sandbox/")).size());
    reply.set("faults", faults.json());
    var tables = reply.putArray("tables");
    database.read(
        connection -> {
          for (String table : UcCatalog.tables(connection)) {
            Long rows =
                Sql.first(
                    connection,
                    "SELECT count(*) FROM " + Sql.identifier(table),
                    row -> row.getLong(1));
            tables.addObject().put("name", table).put("rows", rows);
          }
          return tables;
        });
    return Reply.json(reply);
  }

  private Reply requests(Request request) {
    String path = request.query("path");
    String method = request.query("method");
    Instant since = since(request.query("since"));
    List<CallRecord> found =
        calls.find(
            call ->
                (path == null || call.path().contains(path))
                    && (method == null || call.method().equalsIgnoreCase(method))
                    && !call.received().isBefore(since)
                    && !call.path().startsWith("/sandbox/"));
    int limit = request.query("limit", DEFAULT_LIMIT);
    ObjectNode reply = Json.object();
    var list = reply.putArray("requests");
    found
        .subList(Math.max(0, found.size() - limit), found.size())
        .forEach(call -> list.add(json(call)));
    return Reply.json(reply);
  }

  private static Instant since(@Nullable String text) {
    try {
      return text == null ? Instant.MIN : Instant.parse(text);
    } catch (DateTimeException e) {
      throw ApiException.invalid("since must be an RFC 3339 time.");
    }
  }

  private static ObjectNode json(CallRecord call) {
    ObjectNode json =
        Json.object()
            .put("received", call.received().toString())
            .put("method", call.method())
            .put("path", call.path())
            .put("query", call.query())
            .put("user", call.user())
            .put("request_bytes", call.requestBytes())
            .put("status", call.status())
            .put("took_ms", call.took().toMillis())
            .put("mishap", call.mishap());
    ObjectNode headers = json.putObject("headers");
    call.headers().forEach((key, values) -> headers.put(key, String.join(", ", values)));
    ObjectNode notes = json.putObject("notes");
    call.notes().forEach(notes::put);
    return json;
  }

  private Reply reset(Request request) throws SQLException {
    String word = Json.text(request.json(), "state");
    StartingState state =
        database.write(
            connection -> {
              StartingState wanted =
                  word == null ? WorkspaceState.current(connection) : StartingState.of(word);
              WorkspaceState.reset(connection, wanted, clock.millis());
              return wanted;
            });
    faults.clear();
    calls.clear();
    return Reply.json(Json.object().put("state", state.word()));
  }

  private Reply user(Request request) throws SQLException {
    ObjectNode body = request.json();
    String userName = Json.text(body, "user_name", "");
    if (userName.isBlank()) {
      throw ApiException.invalid("user_name must be given.");
    }
    Set<Permission> denied = EnumSet.noneOf(Permission.class);
    for (JsonNode one : body.path("denied")) {
      try {
        denied.add(Permission.valueOf(one.asText().toUpperCase(Locale.ROOT).replace('-', '_')));
      } catch (IllegalArgumentException e) {
        throw ApiException.invalid("No permission is named '" + one.asText() + "'.");
      }
    }
    return Reply.json(
        database.write(
            connection -> {
              Users.Account known = Users.byName(connection, userName);
              String id = known == null ? "u" + Math.abs((long) userName.hashCode()) : known.id();
              Users.put(
                  connection,
                  new Users.Account(
                      id,
                      userName,
                      Json.text(body, "display_name", userName),
                      body.path("admin").asBoolean(false),
                      denied));
              return Json.object()
                  .put("id", id)
                  .put("user_name", userName)
                  .put("token", Tokens.newPersonal(connection, id));
            }));
  }

  private Reply refreshToken(Request request) throws SQLException {
    String userName = Json.text(request.json(), "user_name", "dev@sandbox.test");
    return Reply.json(
        database.write(
            connection -> {
              Users.Account account = Users.byName(connection, userName);
              if (account == null) {
                throw ApiException.missing("No user is named " + userName + ".");
              }
              return Json.object()
                  .put("client_id", OidcRoutes.PUBLIC_CLIENT)
                  .put("refresh_token", OidcRoutes.newRefreshToken(connection, account.id()));
            }));
  }

  private Reply expire(Request request) throws SQLException {
    String userName = Json.text(request.json(), "user_name");
    int expired = database.write(connection -> Tokens.expire(connection, userName, clock.millis()));
    return Reply.json(Json.object().put("expired", expired));
  }

  private Reply settings(Request request) throws SQLException {
    JsonNode lifetime = request.json().path("oauth_lifetime_seconds");
    if (!lifetime.isIntegralNumber() || lifetime.asLong() < 1) {
      throw ApiException.invalid("oauth_lifetime_seconds must be a positive whole number.");
    }
    database.change(connection -> Settings.set(connection, OidcRoutes.LIFETIME, lifetime.asText()));
    return Reply.done();
  }
}
