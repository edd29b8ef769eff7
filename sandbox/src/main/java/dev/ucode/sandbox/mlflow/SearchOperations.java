package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * {@code POST /api/4.0/mlflow/traces/search-long-running} and the polling of its operations. The
 * search runs at the first poll, so that a client which does not poll gets nothing.
 */
public final class SearchOperations implements Routes {
  private static final int KEPT = 1000;
  private final TraceRoutes traces;
  private final Map<String, ObjectNode> pending =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
          return size() > KEPT;
        }
      };

  public SearchOperations(TraceRoutes traces) {
    this.traces = traces;
  }

  @Override
  public void register(Router router) {
    router.post("/api/4.0/mlflow/traces/search-long-running", this::start);
    router.get("/api/4.0/mlflow/traces/search/operations/{name}", this::poll);
  }

  private Reply start(Request request) {
    String name = UUID.randomUUID().toString();
    synchronized (pending) {
      pending.put(name, request.json());
    }
    return Reply.json(Json.object().put("name", name).put("done", false));
  }

  private Reply poll(Request request) throws SQLException {
    String name = request.pathParameter("name");
    ObjectNode body;
    synchronized (pending) {
      body = pending.get(name);
    }
    if (body == null) {
      throw ApiException.missing("Operation " + name + " does not exist.");
    }
    ObjectNode operation = Json.object().put("name", name).put("done", true);
    try {
      operation.set("response", traces.search(request, body));
    } catch (ApiException refused) {
      operation.putObject("error").put("error_code", refused.code()).put("message", refused.text());
    }
    return Reply.json(operation);
  }
}
