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
import dev.ucode.sandbox.sql.KnownStatement.Column;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The Statement Execution API, {@code /api/2.0/sql/statements}, with disposition INLINE and format
 * JSON_ARRAY: every value is a string or null.
 */
public final class StatementRoutes implements Routes {
  private static final String PATH = "/api/2.0/sql/statements";

  /** Rows in a chunk of a result. */
  private static final int CHUNK_ROWS = 1000;

  private final Statements statements;
  private final StatementList list;
  private final WarehouseControl warehouses;
  private final InstantSource clock;

  /** Routes over running statements. */
  public StatementRoutes(
      Statements statements, StatementList list, WarehouseControl warehouses, InstantSource clock) {
    this.statements = statements;
    this.list = list;
    this.warehouses = warehouses;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    router.post(PATH, this::execute);
    router.post(PATH + "/", this::execute);
    router.get(PATH + "/{id}", request -> Reply.json(status(find(request))));
    router.post(PATH + "/{id}/cancel", this::cancel);
    router.get(PATH + "/{id}/result/chunks/{index}", this::chunk);
    router.add("GET", "/sandbox/sql/statements", Access.ADMIN, _ -> Reply.json(catalogue()));
  }

  private Reply execute(Request request) throws SQLException, InterruptedException {
    Submission submission = Submission.of(request.json());
    request.note("warehouse", submission.warehouse());
    request
        .caller()
        .require(
            Permission.USE_WAREHOUSES,
            "You do not have permission to use the SQL Warehouse " + submission.warehouse() + ".");
    if (warehouses.find(submission.warehouse()) == null) {
      throw ApiException.missing("SQL warehouse " + submission.warehouse() + " does not exist.");
    }
    Run run = statements.submit(request.caller(), submission);
    Run.Snapshot snapshot = run.await(submission.patience());
    boolean waited = !submission.patience().isZero();
    if (waited && !snapshot.state().isEnd() && submission.cancelAfterWait()) {
      run.cancel(clock.instant());
    }
    ObjectNode answer = status(run);
    request.note("state", answer.path("status").path("state").asText());
    return Reply.json(answer);
  }

  private Reply cancel(Request request) {
    find(request).cancel(clock.instant());
    return Reply.done();
  }

  private Reply chunk(Request request) {
    Run run = find(request);
    Run.Snapshot snapshot = run.snapshot();
    Run.Result result = snapshot.result();
    if (result == null) {
      throw ApiException.badRequest(
          "The statement is %s; only a SUCCEEDED statement has a result."
              .formatted(snapshot.state()));
    }
    String text = request.pathParameter("index");
    int index = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
    if (index < 0 || index >= Math.max(1, chunks(result))) {
      throw ApiException.invalid("There is no chunk " + text + ".");
    }
    return Reply.json(chunk(run, result, index));
  }

  private Run find(Request request) {
    String id = request.pathParameter("id");
    Run run = statements.find(request.caller(), id);
    if (run == null) {
      throw ApiException.missing("The statement " + id + " was not found.");
    }
    return run;
  }

  private ObjectNode status(Run run) {
    Run.Snapshot snapshot = run.snapshot();
    ObjectNode body = Json.object().put("statement_id", run.id());
    ObjectNode status = body.putObject("status").put("state", snapshot.state().name());
    SqlFailure failure = snapshot.failure();
    if (failure != null) {
      status.putObject("error").put("error_code", "BAD_REQUEST").put("message", failure.text());
      status.put("sql_state", failure.sqlState());
    }
    Run.Result result = snapshot.result();
    if (result != null) {
      body.set("manifest", manifest(result));
      // A result without rows has neither chunks in the manifest nor data.
      body.set("result", result.rows().isEmpty() ? Json.object() : chunk(run, result, 0));
    }
    return body;
  }

  private ObjectNode manifest(Run.Result result) {
    ObjectNode manifest = Json.object().put("format", "JSON_ARRAY");
    ObjectNode schema = manifest.putObject("schema").put("column_count", result.columns().size());
    ArrayNode columns = schema.putArray("columns");
    for (int i = 0; i < result.columns().size(); i++) {
      Column column = result.columns().get(i);
      // The platform's type_name for a BIGINT is LONG; type_text is the SQL name.
      columns
          .addObject()
          .put("name", column.name())
          .put("position", i)
          .put("type_name", column.type().equals("BIGINT") ? "LONG" : column.type())
          .put("type_text", column.type());
    }
    manifest.put("total_chunk_count", chunks(result));
    manifest.put("total_row_count", result.rows().size());
    manifest.put("truncated", result.truncated());
    if (!result.rows().isEmpty()) {
      ArrayNode chunks = manifest.putArray("chunks");
      for (int i = 0; i < chunks(result); i++) {
        chunks
            .addObject()
            .put("chunk_index", i)
            .put("row_offset", i * CHUNK_ROWS)
            .put("row_count", rows(result, i).size());
      }
    }
    return manifest;
  }

  private ObjectNode chunk(Run run, Run.Result result, int index) {
    List<List<@Nullable String>> rows = rows(result, index);
    ObjectNode chunk =
        Json.object()
            .put("chunk_index", index)
            .put("row_offset", index * CHUNK_ROWS)
            .put("row_count", rows.size());
    if (index + 1 < chunks(result)) {
      int next = index + 1;
      chunk.put("next_chunk_index", next);
      chunk.put(
          "next_chunk_internal_link",
          "%s/%s/result/chunks/%d?row_offset=%d"
              .formatted(PATH, run.id(), next, next * CHUNK_ROWS));
    }
    ArrayNode data = chunk.putArray("data_array");
    for (List<@Nullable String> row : rows) {
      ArrayNode values = data.addArray();
      row.forEach(values::add);
    }
    return chunk;
  }

  private int chunks(Run.Result result) {
    return Math.ceilDiv(result.rows().size(), CHUNK_ROWS);
  }

  private List<List<@Nullable String>> rows(Run.Result result, int index) {
    int from = Math.min(result.rows().size(), index * CHUNK_ROWS);
    return result.rows().subList(from, Math.min(result.rows().size(), from + CHUNK_ROWS));
  }

  private ObjectNode catalogue() {
    ObjectNode body = Json.object();
    ArrayNode entries = body.putArray("statements");
    for (KnownStatement statement : list.all()) {
      ArrayNode parameters =
          entries
              .addObject()
              .put("name", statement.name())
              .put("about", statement.about())
              .put("statement", statement.databricks())
              .putArray("parameters");
      for (Column parameter : statement.parameters()) {
        parameters
            .addObject()
            .put("name", parameter.name())
            .put("type", parameter.type().toUpperCase(Locale.ROOT));
      }
    }
    return body;
  }
}
