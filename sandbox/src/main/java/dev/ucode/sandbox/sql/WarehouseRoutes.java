package dev.ucode.sandbox.sql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Access;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.warehouse.Warehouses.State;
import dev.ucode.sandbox.warehouse.Warehouses.Warehouse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/** {@code /api/2.0/sql/warehouses}: list, get, start and stop. */
public final class WarehouseRoutes implements Routes {
  private static final String PATH = "/api/2.0/sql/warehouses";
  private final WarehouseControl warehouses;

  /** Routes over these warehouses. */
  public WarehouseRoutes(WarehouseControl warehouses) {
    this.warehouses = warehouses;
  }

  @Override
  public void register(Router router) {
    router.get(PATH, this::list);
    router.get(PATH + "/{id}", this::get);
    router.post(PATH + "/{id}/start", this::start);
    router.post(PATH + "/{id}/stop", this::stop);
    router.add("PATCH", "/sandbox/warehouses/{id}", Access.ADMIN, this::set);
  }

  private Reply list(Request request) throws SQLException {
    request
        .caller()
        .require(
            Permission.LIST_WAREHOUSES, "You do not have permission to list the SQL warehouses.");
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("warehouses");
    for (Warehouse warehouse : warehouses.all()) {
      list.add(json(warehouse));
    }
    return Reply.json(body);
  }

  private Reply get(Request request) throws SQLException {
    request
        .caller()
        .require(
            Permission.LIST_WAREHOUSES, "You do not have permission to view the SQL warehouse.");
    return Reply.json(json(find(request)));
  }

  private Reply start(Request request) throws SQLException {
    warehouses.start(usable(request).id());
    return Reply.done();
  }

  private Reply stop(Request request) throws SQLException {
    warehouses.stop(usable(request).id());
    return Reply.done();
  }

  /**
   * The sandbox's own: sets a warehouse's {@code state} (STOPPED or RUNNING) at once, and how long
   * starts take from now on ({@code start_millis}, for all warehouses); each is optional.
   */
  private Reply set(Request request) throws SQLException {
    Warehouse before = find(request);
    ObjectNode body = request.json();
    String state = Json.text(body, "state", before.state().name()).toUpperCase(Locale.ROOT);
    if (!state.equals("STOPPED") && !state.equals("RUNNING")) {
      throw ApiException.invalid("state must be STOPPED or RUNNING; was " + state);
    }
    if (body.has("start_millis")) {
      warehouses.startTime(Duration.ofMillis(body.path("start_millis").asLong()));
    }
    warehouses.set(before.id(), State.valueOf(state));
    return Reply.json(json(find(request)));
  }

  private Warehouse usable(Request request) throws SQLException {
    request
        .caller()
        .require(Permission.USE_WAREHOUSES, "You do not have permission to use the SQL warehouse.");
    return find(request);
  }

  private Warehouse find(Request request) throws SQLException {
    String id = request.pathParameter("id");
    Warehouse found = warehouses.find(id);
    if (found == null) {
      throw ApiException.missing("SQL warehouse " + id + " does not exist.");
    }
    return found;
  }

  private static ObjectNode json(Warehouse warehouse) {
    ObjectNode body =
        Json.object()
            .put("id", warehouse.id())
            .put("name", warehouse.name())
            .put("cluster_size", warehouse.clusterSize())
            .put("min_num_clusters", 1)
            .put("max_num_clusters", 1)
            .put("auto_stop_mins", warehouse.autoStopMinutes())
            .put("warehouse_type", "PRO")
            .put("enable_serverless_compute", warehouse.serverless())
            .put("creator_name", warehouse.creatorName())
            .put("state", warehouse.state().name())
            .put("num_clusters", warehouse.state() == State.RUNNING ? 1 : 0);
    body.putObject("odbc_params").put("path", "/sql/1.0/warehouses/" + warehouse.id());
    return body;
  }
}
