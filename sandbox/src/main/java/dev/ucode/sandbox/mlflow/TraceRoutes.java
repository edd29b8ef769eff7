package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import dev.ucode.sandbox.uc.TraceLocation;
import dev.ucode.sandbox.warehouse.Warehouses;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/4.0/mlflow/traces/...}: traces in Unity Catalog locations. Writing an info or a tag
 * needs no warehouse; everything that reads does.
 */
public final class TraceRoutes implements Routes {
  private static final String ROOT = "/api/4.0/mlflow/traces/";
  private static final String TRACE = ROOT + "{location}/{id}/";
  private static final Pattern HEX_ID = Pattern.compile("[0-9a-f]{32}");
  private final Database database;
  private final TraceInfos infos;
  private final Annotations annotations;

  public TraceRoutes(Database database, LateRows rows, InstantSource clock) {
    this.database = database;
    this.annotations = new Annotations(rows, clock);
    this.infos = new TraceInfos(rows, annotations);
  }

  /** Data definitions of traces, classic and not. */
  public static List<String> definitions() {
    return TraceStore.DEFINITIONS;
  }

  @Override
  public void register(Router router) {
    router.post(TRACE + "info", this::writeInfo);
    router.get(TRACE + "info", this::readInfo);
    router.get(ROOT + "{location}/batchGet", this::batchGet);
    router.get(ROOT + "{location}/batchGetInfos", this::batchGetInfos);
    router.post(ROOT + "search", request -> Reply.json(search(request, request.json())));
    router.patch(TRACE + "tags", this::setTag);
    router.delete(TRACE + "tags/{key}", this::deleteTag);
    router.post(TRACE + "assessments", this::createAssessment);
    router.get(TRACE + "assessments/{assessment}", this::getAssessment);
    router.patch(TRACE + "assessments/{assessment}", this::updateAssessment);
    router.delete(TRACE + "assessments/{assessment}", this::deleteAssessment);
    router.post(ROOT + "{location}/link-to-run/batchCreate", this::linkToRun);
    router.delete(ROOT + "{location}/unlink-from-run/batchDelete", this::unlinkFromRun);
  }

  private Reply writeInfo(Request request) throws SQLException {
    writer(request);
    String id = traceId(request);
    ObjectNode info = request.json();
    check(info, id, request.pathParameter("location"));
    return Reply.json(
        database.write(
            connection -> {
              TraceStore store = store(connection, request);
              infos.write(connection, store, id, info, request.visibleAfter());
              ObjectNode stored = info.deepCopy();
              stored.put("trace_id", id);
              stored.set("trace_location", store.json());
              return stored;
            }));
  }

  /** Refuses what the platform's own message type could not hold. */
  private static void check(ObjectNode info, String id, String path) {
    String inBody = Json.text(info, "trace_id");
    if (inBody != null && !inBody.equals(id) && !inBody.equals("trace:/" + path + "/" + id)) {
      throw ApiException.invalid("trace_id in the body is not the one in the path.");
    }
    JsonNode location = info.get("trace_location");
    if (location != null && !TraceStore.path(location).path().equals(path)) {
      throw ApiException.invalid("trace_location in the body is not the one in the path.");
    }
    try {
      Instant.parse(ExperimentRoutes.required(info, "request_time"));
      String duration = Json.text(info, "execution_duration");
      if (duration != null) {
        if (!duration.endsWith("s")) {
          throw new NumberFormatException(duration);
        }
        var _ = new BigDecimal(duration.substring(0, duration.length() - 1));
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw ApiException.invalid("Not a time or a duration: " + e.getMessage());
    }
    String state = Json.text(info, "state", "STATE_UNSPECIFIED");
    if (!List.of("STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS").contains(state)) {
      throw ApiException.invalid("Not a trace state: " + state);
    }
    for (String map : List.of("trace_metadata", "tags")) {
      for (Map.Entry<String, JsonNode> member : info.path(map).properties()) {
        if (!member.getValue().isTextual()) {
          throw ApiException.invalid(map + "." + member.getKey() + " must be a string.");
        }
      }
    }
  }

  private Reply readInfo(Request request) throws SQLException {
    ObjectNode info =
        reading(
            request,
            request.query("sql_warehouse_id"),
            connection ->
                TraceInfos.require(connection, store(connection, request), traceId(request)));
    ObjectNode reply = Json.object();
    reply.putObject("trace").set("trace_info", info);
    return Reply.json(reply);
  }

  private Reply batchGet(Request request) throws SQLException {
    ObjectNode reply = Json.object();
    var traces = reply.putArray("traces");
    reading(
        request,
        request.query("sql_warehouse_id"),
        connection -> {
          TraceStore store = store(connection, request);
          List<String> ids = request.queries("trace_ids");
          Map<String, List<ObjectNode>> spans = spans(connection, store, ids);
          for (ObjectNode info : TraceInfos.read(connection, store, ids)) {
            ObjectNode trace = traces.addObject();
            trace.set("trace_info", info);
            spans
                .getOrDefault(info.path("trace_id").asText(), List.of())
                .forEach(trace.putArray("spans")::add);
          }
          return reply;
        });
    return Reply.json(reply);
  }

  private Reply batchGetInfos(Request request) throws SQLException {
    ObjectNode reply = Json.object();
    var found = reply.putArray("trace_infos");
    reading(
        request,
        request.query("sql_warehouse_id"),
        connection -> {
          TraceStore store = store(connection, request);
          TraceInfos.read(connection, store, request.queries("trace_ids")).forEach(found::add);
          return reply;
        });
    return Reply.json(reply);
  }

  private static Map<String, List<ObjectNode>> spans(
      Connection connection, TraceStore store, List<String> ids) throws SQLException {
    Map<String, List<ObjectNode>> spans = new LinkedHashMap<>();
    TraceLocation location = store.location();
    if (location != null) {
      SpanJson form = new SpanJson(location.prefix() == null);
      Sql.list(
          connection,
          "SELECT * FROM "
              + Sql.identifier(location.spans())
              + " WHERE trace_id IN (SELECT value FROM json_each(?)) ORDER BY rowid",
          row ->
              spans
                  .computeIfAbsent(row.getString("trace_id"), _ -> new ArrayList<>())
                  .add(form.span(row)),
          Annotations.array(ids));
    }
    return spans;
  }

  /** The answer to a search request, for the plain and the long-running form. */
  ObjectNode search(Request request, ObjectNode body) throws SQLException {
    return database.read(
        connection -> {
          reader(request);
          List<TraceStore> stores = new ArrayList<>();
          for (JsonNode location : body.path("locations")) {
            stores.add(TraceStore.of(connection, location));
          }
          if (stores.isEmpty()) {
            throw ApiException.invalid("At least one location must be specified.");
          }
          if (stores.stream().anyMatch(store -> store.location() != null)) {
            Warehouses.requireUsable(
                connection, request.caller(), Json.text(body, "sql_warehouse_id"));
          }
          Page<ObjectNode> page = TraceSearch.run(connection, stores, body);
          ObjectNode reply = Json.object();
          page.items().forEach(reply.putArray("trace_infos")::add);
          if (page.nextToken() != null) {
            reply.put("next_page_token", page.nextToken());
          }
          return reply;
        });
  }

  private Reply setTag(Request request) throws SQLException {
    writer(request);
    ObjectNode body = request.json();
    String key = ExperimentRoutes.required(body, "key");
    String value = Json.text(body, "value", "");
    database.change(
        connection ->
            annotations.put(
                connection,
                store(connection, request),
                List.of(annotations.tag(traceId(request), key, value)),
                request.visibleAfter()));
    return Reply.done();
  }

  private Reply deleteTag(Request request) throws SQLException {
    writer(request);
    String key = request.pathParameter("key");
    changing(
        request,
        (connection, store) -> {
          Annotation tag =
              find(
                  connection,
                  store,
                  traceId(request),
                  Annotations.idOf(traceId(request), "TAG", key));
          if (tag == null) {
            throw ApiException.missing("No tag with key '" + key + "' on this trace.");
          }
          annotations.end(connection, store, tag, request.visibleAfter());
          return Json.object();
        });
    return Reply.done();
  }

  private Reply createAssessment(Request request) throws SQLException {
    writer(request);
    return Reply.json(
        changing(
            request,
            (connection, store) -> {
              String id = traceId(request);
              TraceInfos.require(connection, store, id);
              Annotation made = Assessments.create(id, request.json(), annotations.now());
              List<Annotation> added = new ArrayList<>(List.of(made));
              String overridden = Json.text(request.json(), "overrides");
              if (overridden != null) {
                Annotation old = require(connection, store, id, overridden);
                added.add(Assessments.invalidated(old, annotations.now()));
              }
              annotations.put(connection, store, added, request.visibleAfter());
              return Assessments.json(made, store);
            }));
  }

  private Reply getAssessment(Request request) throws SQLException {
    return Reply.json(
        reading(
            request,
            request.query("sql_warehouse_id"),
            connection -> {
              TraceStore store = store(connection, request);
              return Assessments.json(
                  require(connection, store, traceId(request), request.pathParameter("assessment")),
                  store);
            }));
  }

  private Reply updateAssessment(Request request) throws SQLException {
    writer(request);
    String mask = request.query("update_mask");
    List<String> fields = mask == null ? List.of() : List.of(mask.split(",", -1));
    return Reply.json(
        changing(
            request,
            (connection, store) -> {
              Annotation old =
                  require(connection, store, traceId(request), request.pathParameter("assessment"));
              Annotation updated =
                  Assessments.update(old, store, request.json(), fields, annotations.now());
              annotations.put(connection, store, List.of(updated), request.visibleAfter());
              return Assessments.json(updated, store);
            }));
  }

  private Reply deleteAssessment(Request request) throws SQLException {
    writer(request);
    changing(
        request,
        (connection, store) -> {
          Annotation old =
              require(connection, store, traceId(request), request.pathParameter("assessment"));
          annotations.end(connection, store, old, request.visibleAfter());
          return Json.object();
        });
    return Reply.done();
  }

  private Reply linkToRun(Request request) throws SQLException {
    return runLinks(request, true);
  }

  private Reply unlinkFromRun(Request request) throws SQLException {
    return runLinks(request, false);
  }

  private Reply runLinks(Request request, boolean link) throws SQLException {
    writer(request);
    ObjectNode body = request.json();
    String run = ExperimentRoutes.required(body, "run_id");
    database.change(
        connection -> {
          TraceStore store = store(connection, request);
          for (JsonNode trace : body.path("trace_ids")) {
            long now = annotations.now();
            Annotation row =
                new Annotation(
                    Annotations.idOf(trace.asText(), "RUN_LINK", run),
                    trace.asText(),
                    "RUN_LINK",
                    run,
                    TextNode.valueOf(run),
                    null,
                    null,
                    now,
                    now);
            if (link) {
              annotations.put(connection, store, List.of(row), request.visibleAfter());
            } else {
              annotations.end(connection, store, row, request.visibleAfter());
            }
          }
        });
    return Reply.done();
  }

  private static @Nullable Annotation find(
      Connection connection, TraceStore store, String traceId, String annotationId)
      throws SQLException {
    for (Annotation annotation : Annotations.live(connection, store, List.of(traceId))) {
      if (annotation.id().equals(annotationId)) {
        return annotation;
      }
    }
    return null;
  }

  private static Annotation require(
      Connection connection, TraceStore store, String traceId, String assessmentId)
      throws SQLException {
    Annotation found = find(connection, store, traceId, assessmentId);
    if (found == null || !Assessments.is(found)) {
      throw ApiException.missing("Assessment with ID " + assessmentId + " is not found.");
    }
    return found;
  }

  private <T> T reading(Request request, @Nullable String warehouse, Database.Work<T> work)
      throws SQLException {
    reader(request);
    return database.read(
        connection -> {
          Warehouses.requireUsable(connection, request.caller(), warehouse);
          return work.run(connection);
        });
  }

  /** Work that changes annotations which it must look up first. */
  private interface StoreWork {
    ObjectNode run(Connection connection, TraceStore store) throws SQLException;
  }

  /** Changes that must look something up first, and so need a warehouse. */
  private ObjectNode changing(Request request, StoreWork work) throws SQLException {
    return database.write(
        connection -> {
          Warehouses.requireUsable(connection, request.caller(), request.query("sql_warehouse_id"));
          return work.run(connection, store(connection, request));
        });
  }

  private static TraceStore store(Connection connection, Request request) throws SQLException {
    return TraceStore.requireUnityCatalog(connection, request.pathParameter("location"));
  }

  private static String traceId(Request request) {
    String id = request.pathParameter("id");
    if (!HEX_ID.matcher(id).matches()) {
      throw ApiException.invalid("A trace id is 32 lower-case hex digits, not '" + id + "'.");
    }
    return id;
  }

  private static void reader(Request request) {
    request
        .caller()
        .require(Permission.READ_TRACES, "User does not have SELECT on the trace tables.");
  }

  static void writer(Request request) {
    request
        .caller()
        .require(
            Permission.WRITE_TRACES, "User does not have MODIFY and SELECT on the trace tables.");
  }
}
