package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.TraceLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** {@code POST /api/2.0/mlflow/traces/delete-traces}, for traces of either store. */
public final class DeleteTracesRoutes implements Routes {
  private final Database database;

  public DeleteTracesRoutes(Database database) {
    this.database = database;
  }

  @Override
  public void register(Router router) {
    router.post("/api/2.0/mlflow/traces/delete-traces", this::delete);
    router.post("/api/3.0/mlflow/traces/delete-traces", this::delete);
  }

  private Reply delete(Request request) throws SQLException {
    TraceRoutes.writer(request);
    ObjectNode body = request.json();
    String experimentId = ExperimentRoutes.required(body, "experiment_id");
    int deleted =
        database.write(
            connection -> {
              TraceStore store = TraceStore.of(Experiments.require(connection, experimentId));
              int count = 0;
              for (String id : ids(connection, store, body)) {
                count += delete(connection, store, id);
              }
              return count;
            });
    return Reply.json(Json.object().put("traces_deleted", deleted));
  }

  private static List<String> ids(Connection connection, TraceStore store, ObjectNode body)
      throws SQLException {
    JsonNode named = body.path("request_ids");
    if (!named.isEmpty()) {
      return named.valueStream().map(id -> bare(id.asText())).toList();
    }
    if (!body.has("max_timestamp_millis")) {
      throw ApiException.invalid("Either request_ids or max_timestamp_millis must be given.");
    }
    long latest = body.path("max_timestamp_millis").asLong();
    return TraceInfos.read(connection, store, null).stream()
        .filter(info -> time(info) <= latest)
        .sorted(Comparator.comparingLong(DeleteTracesRoutes::time))
        .limit(body.path("max_traces").asLong(Long.MAX_VALUE))
        .map(info -> info.path("trace_id").asText())
        .toList();
  }

  private static long time(ObjectNode info) {
    return Instant.parse(Json.text(info, "request_time", Instant.EPOCH.toString())).toEpochMilli();
  }

  /** {@code trace:/c.s.p/<hex>} without its location. */
  private static String bare(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private static int delete(Connection connection, TraceStore store, String id)
      throws SQLException {
    int rows =
        Sql.update(
            connection, "DELETE FROM trace_info WHERE store = ? AND trace_id = ?", store.key(), id);
    rows +=
        Sql.update(
            connection,
            "DELETE FROM " + Sql.identifier(store.annotations()) + " WHERE target_id = ?",
            id);
    TraceLocation location = store.location();
    if (location != null) {
      rows +=
          Sql.update(
              connection,
              "DELETE FROM " + Sql.identifier(location.spans()) + " WHERE trace_id = ?",
              id);
    } else {
      rows += Sql.update(connection, "DELETE FROM classic_trace WHERE trace_id = ?", id);
      rows += Sql.update(connection, "DELETE FROM trace_file WHERE trace_id = ?", id);
    }
    return rows > 0 ? 1 : 0;
  }
}
