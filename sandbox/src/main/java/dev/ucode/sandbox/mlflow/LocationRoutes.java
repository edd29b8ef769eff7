package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.TraceLocation;
import dev.ucode.sandbox.uc.TraceTables;
import dev.ucode.sandbox.uc.UcCatalog;
import dev.ucode.sandbox.warehouse.Warehouses;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * Provisioning: tables for a trace location, and the link of an experiment to it. {@code
 * /api/5.0/mlflow/...} for table prefixes, {@code /api/4.0/mlflow/traces/...} for the older schema
 * form.
 */
public final class LocationRoutes implements Routes {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS trace_location (
            id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT\
          """);

  private final Database database;
  private final InstantSource clock;

  public LocationRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    router.post("/api/5.0/mlflow/tracing/locations", this::create);
    router.get("/api/5.0/mlflow/tracing/locations/{id}", this::get);
    router.post("/api/5.0/mlflow/experiments/{id}/trace-location:link", this::link);
    router.post("/api/4.0/mlflow/traces/location", this::createOlder);
    router.post("/api/4.0/mlflow/traces/{id}/link-location", this::link);
    router.post("/api/4.0/mlflow/traces/{id}/unlink-location", this::unlink);
  }

  private Reply create(Request request) throws SQLException {
    TraceLocation location = TraceStore.path(request.json());
    return Reply.json(
        database.write(
            connection -> {
              provision(connection, request, location);
              return json(connection, location);
            }));
  }

  private Reply createOlder(Request request) throws SQLException {
    TraceLocation location = TraceStore.path(request.json());
    if (location.prefix() != null) {
      throw ApiException.invalid("uc_schema must be given.");
    }
    return Reply.json(
        database.write(
            connection -> {
              if (TraceTables.exist(connection, location)) {
                throw new ApiException(
                    409, "ALREADY_EXISTS", "Trace location '" + location.path() + "' exists.");
              }
              provision(connection, request, location);
              return Json.object().set("uc_schema", TraceStore.tables(location));
            }));
  }

  private void provision(Connection connection, Request request, TraceLocation location)
      throws SQLException {
    UcCatalog.requireSchema(connection, location.catalog(), location.schema());
    if (!TraceTables.exist(connection, location)) {
      request
          .caller()
          .require(
              Permission.CREATE_TABLES,
              "User does not have CREATE TABLE on Schema '"
                  + location.catalog()
                  + "."
                  + location.schema()
                  + "'.");
    }
    String warehouse = Json.text(request.json(), "sql_warehouse_id");
    if (warehouse != null) {
      Warehouses.requireUsable(connection, request.caller(), warehouse);
    }
    TraceTables.create(connection, location, clock.millis());
  }

  private Reply get(Request request) throws SQLException {
    String id = request.pathParameter("id");
    return Reply.json(
        database.read(
            connection -> {
              String path =
                  Sql.first(
                      connection,
                      "SELECT path FROM trace_location WHERE id = ?",
                      row -> row.getString(1),
                      id);
              if (path == null) {
                throw ApiException.missing("Trace location " + id + " does not exist.");
              }
              TraceLocation location = TraceLocation.parse(path);
              ObjectNode body = TraceStore.tables(location).put("location_id", id);
              return Json.object().set("uc_table_prefix", body);
            }));
  }

  private static ObjectNode json(Connection connection, TraceLocation location)
      throws SQLException {
    String id = UUID.nameUUIDFromBytes(location.path().getBytes(StandardCharsets.UTF_8)).toString();
    Sql.update(
        connection, "INSERT OR IGNORE INTO trace_location VALUES (?, ?)", id, location.path());
    ObjectNode tables = TraceStore.tables(location);
    return location.prefix() == null
        ? Json.object().set("uc_schema", tables)
        : Json.object().set("uc_table_prefix", tables.put("location_id", id));
  }

  private Reply link(Request request) throws SQLException {
    ExperimentRoutes.editor(request);
    String id = request.pathParameter("id");
    TraceLocation location = TraceStore.path(request.json());
    database.change(
        connection -> {
          Experiment experiment = Experiments.require(connection, id);
          if (!TraceTables.exist(connection, location)) {
            throw ApiException.missing("Trace location '" + location.path() + "' does not exist.");
          }
          TraceLocation linked = experiment.location();
          if (linked != null && !linked.equals(location)) {
            throw ApiException.invalid(
                "Experiment "
                    + id
                    + " is already linked to a different trace location: "
                    + linked.path());
          }
          if (linked == null && holdsClassicTraces(connection, id)) {
            throw ApiException.invalid(
                "Experiment "
                    + id
                    + " already holds traces and cannot be linked to a trace location; make a new"
                    + " experiment.");
          }
          Experiments.linkTo(connection, id, location, clock.millis());
        });
    return Reply.done();
  }

  private static boolean holdsClassicTraces(Connection connection, String experimentId)
      throws SQLException {
    return !TraceInfos.read(connection, TraceStore.classic(experimentId), null).isEmpty();
  }

  private Reply unlink(Request request) throws SQLException {
    ExperimentRoutes.editor(request);
    String id = request.pathParameter("id");
    JsonNode body = request.json();
    database.change(
        connection -> {
          TraceLocation linked = Experiments.require(connection, id).location();
          if (linked == null || !linked.equals(TraceStore.path(body))) {
            throw ApiException.missing("Experiment " + id + " is not linked to this location.");
          }
          Experiments.unlink(connection, id);
        });
    return Reply.done();
  }
}
