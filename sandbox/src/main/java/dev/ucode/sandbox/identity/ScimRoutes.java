package dev.ucode.sandbox.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.store.Database;
import java.sql.SQLException;

/** {@code GET /api/2.0/preview/scim/v2/Me}: who the token belongs to. */
public final class ScimRoutes implements Routes {
  private final Database database;

  public ScimRoutes(Database database) {
    this.database = database;
  }

  @Override
  public void register(Router router) {
    router.get("/api/2.0/preview/scim/v2/Me", this::me);
  }

  private Reply me(Request request) throws SQLException {
    Users.Account account =
        database.read(connection -> Users.byId(connection, request.caller().id()));
    if (account == null) {
      throw ApiException.unauthenticated("The user was deleted.");
    }
    ObjectNode json = Json.object();
    json.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:User");
    json.put("id", account.id())
        .put("userName", account.userName())
        .put("displayName", account.displayName())
        .put("active", true);
    json.putArray("emails")
        .addObject()
        .put("type", "work")
        .put("value", account.userName())
        .put("primary", true);
    var groups = json.putArray("groups");
    groups.addObject().put("type", "direct").put("value", "10").put("display", "users");
    if (account.admin()) {
      groups.addObject().put("type", "direct").put("value", "11").put("display", "admins");
    }
    return Reply.json(json);
  }
}
