package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Access;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.mlflow.Annotations.Annotation;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.LateRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * {@code /api/3.0/mlflow/traces/...}: traces of experiments that are not linked to Unity Catalog.
 * Their spans are one file, {@code traces.json}, put to and got from a signed address.
 */
public final class ClassicRoutes implements Routes {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS trace_file (
            trace_id TEXT PRIMARY KEY,
            signature TEXT NOT NULL UNIQUE,
            content BLOB) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS classic_trace (
            trace_id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL) STRICT\
          """);

  private static final String ROOT = "/api/3.0/mlflow/traces";
  private static final String SIGNED = "/dbfs-signed/";
  private final Database database;
  private final TraceInfos infos;
  private final Annotations annotations;

  public ClassicRoutes(Database database, LateRows rows, InstantSource clock) {
    this.database = database;
    this.annotations = new Annotations(rows, clock);
    this.infos = new TraceInfos(rows, annotations);
  }

  @Override
  public void register(Router router) {
    router.post(ROOT, this::start);
    router.get(ROOT + "/{id}", this::get);
    router.post(ROOT + "/search", this::search);
    // Clients of 3.x still set a classic trace's tags by the older path.
    for (String root : List.of(ROOT, "/api/2.0/mlflow/traces")) {
      router.patch(root + "/{id}/tags", this::setTag);
      router.delete(root + "/{id}/tags", this::deleteTag);
    }
    router.post(ROOT + "/{id}/assessments", this::createAssessment);
    for (String direction : List.of("upload", "download")) {
      router.get(
          "/api/2.0/mlflow/traces/{id}/credentials-for-data-" + direction, this::credentials);
    }
    router.add("PUT", SIGNED + "{signature}/traces.json", Access.OPEN, this::upload);
    router.add("GET", SIGNED + "{signature}/traces.json", Access.OPEN, this::download);
  }

  private Reply start(Request request) throws SQLException {
    TraceRoutes.writer(request);
    JsonNode info = request.json().path("trace").path("trace_info");
    if (!(info instanceof ObjectNode posted)) {
      throw ApiException.invalid("trace.trace_info must be given.");
    }
    String id = ExperimentRoutes.required(posted, "trace_id");
    String experimentId =
        ExperimentRoutes.required(
            posted.path("trace_location").path("mlflow_experiment"), "experiment_id");
    return trace(
        database.write(
            connection -> {
              Experiment experiment = Experiments.require(connection, experimentId);
              if (experiment.location() != null) {
                throw ApiException.invalid(
                    "Experiment "
                        + experimentId
                        + " stores its traces in Unity Catalog; write them there.");
              }
              TraceStore store = TraceStore.classic(experimentId);
              posted
                  .withObject("tags")
                  .put(
                      "mlflow.artifactLocation",
                      experiment.json().path("artifact_location").asText() + "/" + id);
              Sql.update(
                  connection,
                  "INSERT OR IGNORE INTO classic_trace VALUES (?, ?)",
                  id,
                  experimentId);
              infos.write(connection, store, id, posted, request.visibleAfter());
              posted.set("trace_location", store.json());
              return posted;
            }));
  }

  private Reply get(Request request) throws SQLException {
    reader(request);
    return trace(
        database.read(
            connection ->
                TraceInfos.require(
                    connection, store(connection, request), request.pathParameter("id"))));
  }

  private static Reply trace(ObjectNode info) {
    ObjectNode reply = Json.object();
    reply.putObject("trace").set("trace_info", info);
    return Reply.json(reply);
  }

  private Reply search(Request request) throws SQLException {
    reader(request);
    ObjectNode body = request.json();
    Page<ObjectNode> page =
        database.read(
            connection -> {
              List<TraceStore> stores = new ArrayList<>();
              for (JsonNode location : body.path("locations")) {
                String id =
                    ExperimentRoutes.required(location.path("mlflow_experiment"), "experiment_id");
                Experiments.require(connection, id);
                stores.add(TraceStore.classic(id));
              }
              return TraceSearch.run(connection, stores, body);
            });
    ObjectNode reply = Json.object();
    page.items().forEach(reply.putArray("traces")::add);
    if (page.nextToken() != null) {
      reply.put("next_page_token", page.nextToken());
    }
    return Reply.json(reply);
  }

  private Reply setTag(Request request) throws SQLException {
    TraceRoutes.writer(request);
    ObjectNode body = request.json();
    String key = ExperimentRoutes.required(body, "key");
    String value = Json.text(body, "value", "");
    String id = request.pathParameter("id");
    database.change(
        connection ->
            annotations.put(
                connection,
                store(connection, request),
                List.of(annotations.tag(id, key, value)),
                request.visibleAfter()));
    return Reply.done();
  }

  private Reply deleteTag(Request request) throws SQLException {
    TraceRoutes.writer(request);
    String id = request.pathParameter("id");
    String inQuery = request.query("key");
    String key = inQuery == null ? ExperimentRoutes.required(request.json(), "key") : inQuery;
    database.change(
        connection -> {
          TraceStore store = store(connection, request);
          for (Annotation tag : Annotations.live(connection, store, List.of(id))) {
            if (tag.id().equals(Annotations.idOf(id, "TAG", key))) {
              annotations.end(connection, store, tag, request.visibleAfter());
              return;
            }
          }
          throw ApiException.missing("No tag with key '" + key + "' on this trace.");
        });
    return Reply.done();
  }

  private Reply createAssessment(Request request) throws SQLException {
    TraceRoutes.writer(request);
    String id = request.pathParameter("id");
    JsonNode message = request.json().path("assessment");
    if (!(message instanceof ObjectNode assessment)) {
      throw ApiException.invalid("assessment must be given.");
    }
    ObjectNode made =
        database.write(
            connection -> {
              TraceStore store = store(connection, request);
              Annotation annotation = Assessments.create(id, assessment, annotations.now());
              annotations.put(connection, store, List.of(annotation), request.visibleAfter());
              return Assessments.json(annotation, store);
            });
    return Reply.json(Json.object().set("assessment", made));
  }

  private Reply credentials(Request request) throws SQLException {
    reader(request);
    String id = request.pathParameter("id");
    String signature =
        database.write(
            connection -> {
              store(connection, request);
              Sql.update(
                  connection,
                  "INSERT OR IGNORE INTO trace_file (trace_id, signature) VALUES (?, ?)",
                  id,
                  UUID.randomUUID().toString());
              return Sql.first(
                  connection,
                  "SELECT signature FROM trace_file WHERE trace_id = ?",
                  row -> row.getString(1),
                  id);
            });
    ObjectNode reply = Json.object();
    reply
        .putObject("credential_info")
        .put("type", "AWS_PRESIGNED_URL")
        .put("signed_uri", request.baseUrl() + SIGNED + signature + "/traces.json")
        .putArray("headers");
    return Reply.json(reply);
  }

  private Reply upload(Request request) throws SQLException {
    int found =
        database.write(
            connection ->
                Sql.update(
                    connection,
                    "UPDATE trace_file SET content = ? WHERE signature = ?",
                    request.body(),
                    request.pathParameter("signature")));
    if (found == 0) {
      throw ApiException.denied("The signature is not valid.");
    }
    return Reply.bytes(200, "text/plain", new byte[0]);
  }

  private Reply download(Request request) throws SQLException {
    byte[] content =
        database.read(
            connection ->
                Sql.first(
                    connection,
                    "SELECT content FROM trace_file WHERE signature = ? AND content IS NOT NULL",
                    row -> row.getBytes(1),
                    request.pathParameter("signature")));
    if (content == null) {
      throw new ApiException(404, "NOT_FOUND", "There is no such file.");
    }
    return Reply.bytes(200, "application/json", content);
  }

  /** The store of a classic trace, by its id. */
  private static TraceStore store(Connection connection, Request request) throws SQLException {
    String id = request.pathParameter("id");
    String experimentId =
        Sql.first(
            connection,
            "SELECT experiment_id FROM classic_trace WHERE trace_id = ?",
            row -> row.getString(1),
            id);
    if (experimentId == null) {
      throw ApiException.missing("Trace with ID " + id + " is not found.");
    }
    return TraceStore.classic(experimentId);
  }

  private static void reader(Request request) {
    request.caller().require(Permission.READ_TRACES, "You do not have permission to read traces.");
  }
}
