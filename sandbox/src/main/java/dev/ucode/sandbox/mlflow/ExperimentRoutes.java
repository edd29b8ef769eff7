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
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/2.0/mlflow/experiments/...}. */
public final class ExperimentRoutes implements Routes {
  private static final String ROOT = "/api/2.0/mlflow/experiments/";
  private final Database database;
  private final InstantSource clock;

  public ExperimentRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    router.post(ROOT + "search", this::search);
    router.get(ROOT + "search", this::search);
    router.get(ROOT + "list", this::search);
    router.get(ROOT + "get", this::get);
    router.get(ROOT + "get-by-name", this::getByName);
    router.post(ROOT + "create", this::create);
    router.post(ROOT + "update", this::update);
    router.post(ROOT + "delete", request -> stage(request, "deleted"));
    router.post(ROOT + "restore", request -> stage(request, "active"));
    router.post(ROOT + "set-experiment-tag", this::setTag);
    router.post(ROOT + "delete-experiment-tag", this::deleteTag);
  }

  private Reply search(Request request) throws SQLException {
    reader(request);
    ObjectNode body = request.method().equals("GET") ? queryAsBody(request) : request.json();
    Page<Experiment> page =
        ExperimentSearch.run(database.read(connection -> Experiments.all(connection)), body);
    ObjectNode reply = Json.object();
    if (!page.items().isEmpty()) {
      var list = reply.putArray("experiments");
      page.items().forEach(experiment -> list.add(experiment.json()));
    }
    if (page.nextToken() != null) {
      reply.put("next_page_token", page.nextToken());
    }
    return Reply.json(reply);
  }

  private static ObjectNode queryAsBody(Request request) {
    ObjectNode body = Json.object();
    for (String name : new String[] {"filter", "page_token", "view_type"}) {
      String value = request.query(name);
      if (value != null) {
        body.put(name, value);
      }
    }
    if (request.query("max_results") != null) {
      body.put("max_results", request.query("max_results", 1000));
    }
    request.queries("order_by").forEach(order -> body.withArray("order_by").add(order));
    return body;
  }

  private Reply get(Request request) throws SQLException {
    reader(request);
    String id = request.query("experiment_id");
    if (id == null) {
      throw ApiException.invalid("Missing value for required parameter 'experiment_id'.");
    }
    return experiment(database.read(connection -> Experiments.require(connection, id)));
  }

  private Reply getByName(Request request) throws SQLException {
    reader(request);
    String name = request.query("experiment_name");
    if (name == null) {
      throw ApiException.invalid("Missing value for required parameter 'experiment_name'.");
    }
    Experiment found = database.read(connection -> Experiments.byName(connection, name));
    if (found == null) {
      throw ApiException.missing("Node " + name + " does not exist.");
    }
    return experiment(found);
  }

  private static Reply experiment(Experiment experiment) {
    return Reply.json(Json.object().set("experiment", experiment.json()));
  }

  private Reply create(Request request) throws SQLException {
    editor(request);
    ObjectNode body = request.json();
    String name = required(body, "name");
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.ownerEmail", request.caller().userName());
    tags.put("mlflow.experimentType", "MLFLOW_EXPERIMENT");
    for (JsonNode tag : body.path("tags")) {
      tags.put(required(tag, "key"), Json.text(tag, "value", ""));
    }
    String id =
        database.write(connection -> Experiments.create(connection, name, tags, clock.millis()));
    return Reply.json(Json.object().put("experiment_id", id));
  }

  private Reply update(Request request) throws SQLException {
    editor(request);
    ObjectNode body = request.json();
    String id = required(body, "experiment_id");
    String name = Json.text(body, "new_name");
    database.change(
        connection -> {
          Experiments.require(connection, id);
          if (name != null) {
            Experiment taken = Experiments.byName(connection, name);
            if (taken != null && !taken.id().equals(id)) {
              throw ApiException.exists("Node named '" + name + "' already exists");
            }
            Experiments.rename(connection, id, name, clock.millis());
          }
        });
    return Reply.done();
  }

  private Reply stage(Request request, String stage) throws SQLException {
    editor(request);
    String id = required(request.json(), "experiment_id");
    database.change(
        connection -> {
          Experiment experiment = Experiments.require(connection, id);
          if (stage.equals("active")
              && !experiment.active()
              && Experiments.byName(connection, experiment.name()) != null) {
            throw ApiException.exists("Node named '" + experiment.name() + "' already exists");
          }
          Experiments.setStage(connection, id, stage, clock.millis());
        });
    return Reply.done();
  }

  private Reply setTag(Request request) throws SQLException {
    editor(request);
    ObjectNode body = request.json();
    String id = required(body, "experiment_id");
    String key = required(body, "key");
    String value = Json.text(body, "value", "");
    database.change(
        connection -> {
          Experiments.require(connection, id);
          Experiments.setTag(connection, id, key, value, clock.millis());
        });
    return Reply.done();
  }

  private Reply deleteTag(Request request) throws SQLException {
    editor(request);
    ObjectNode body = request.json();
    String id = required(body, "experiment_id");
    String key = required(body, "key");
    database.change(
        connection -> {
          if (!Experiments.require(connection, id).tags().containsKey(key)) {
            throw ApiException.missing("No tag with key '" + key + "' on experiment " + id);
          }
          Experiments.removeTag(connection, id, key);
        });
    return Reply.done();
  }

  private static void reader(Request request) {
    request
        .caller()
        .require(Permission.READ_EXPERIMENTS, "You do not have permission to read experiments.");
  }

  static void editor(Request request) {
    request
        .caller()
        .require(Permission.EDIT_EXPERIMENTS, "You do not have permission to edit experiments.");
  }

  /** The text of that name, which must be there. */
  static String required(JsonNode body, String name) {
    @Nullable String value = Json.text(body, name);
    if (value == null || value.isEmpty()) {
      throw ApiException.invalid("Missing value for required parameter '" + name + "'.");
    }
    return value;
  }
}
