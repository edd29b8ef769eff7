package dev.ucode.workspace.rest;

import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.json.Json;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.Sql;
import dev.ucode.workspace.SqlRows;
import dev.ucode.workspace.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Sql} by the Statement Execution API ({@code /api/2.0/sql/statements}): the first answer is
 * waited for, a longer one is asked for again, and results come in chunks.
 */
public final class RestSql implements Sql {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(20);
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MAX_CHUNKS = 1000;

  private final RestClient client;
  private final Consumer<Duration> pause;

  public RestSql(Http http, WorkspaceUrl url, SignIn signIn, Tokens tokens) {
    this(http, url, signIn, tokens, time -> LockSupport.parkNanos(time.toNanos()));
  }

  RestSql(Http http, WorkspaceUrl url, SignIn signIn, Tokens tokens, Consumer<Duration> pause) {
    this.client = new RestClient(http, url, signIn, tokens, pause);
    this.pause = pause;
  }

  @Override
  public SqlRows select(
      String warehouse, String statement, Map<String, String> parameters, Deadline deadline)
      throws ApiFailure {
    long wait =
        Math.clamp(
            deadline.left().toSeconds() - 1, SHORTEST_WAIT.toSeconds(), FIRST_WAIT.toSeconds());
    List<Json> named = new ArrayList<>();
    parameters.forEach(
        (name, value) ->
            named.add(
                Json.object().put("name", name).put("value", value).put("type", "STRING").build()));
    Json.Builder body =
        Json.object()
            .put("warehouse_id", warehouse)
            .put("statement", statement)
            .put("wait_timeout", wait + "s")
            .put("on_wait_timeout", "CONTINUE")
            .put("disposition", "INLINE")
            .put("format", "JSON_ARRAY");
    if (!named.isEmpty()) {
      body.put("parameters", named);
    }
    Json answer = client.query("/api/2.0/sql/statements", body.build(), deadline);
    return rows(finished(answer, deadline), deadline);
  }

  private Json finished(Json first, Deadline deadline) throws ApiFailure {
    Json answer = first;
    while (true) {
      String state = state(answer);
      if (state.equals("SUCCEEDED")) {
        return answer;
      }
      String id = answer.text("statement_id");
      if (!state.equals("PENDING") && !state.equals("RUNNING")) {
        throw failed(answer, state);
      }
      if (id == null || deadline.passed()) {
        cancel(id);
        throw new ApiFailure(
            ApiFailure.Kind.UNAVAILABLE, 200, null, "the SQL warehouse took too long to answer");
      }
      pause.accept(PAUSE);
      answer = client.get("/api/2.0/sql/statements/" + RestWorkspace.encode(id), deadline);
    }
  }

  private void cancel(@Nullable String id) {
    if (id == null) {
      return;
    }
    try {
      client.query(
          "/api/2.0/sql/statements/" + RestWorkspace.encode(id) + "/cancel",
          Json.object().build(),
          Deadline.in(SHORTEST_WAIT));
    } catch (ApiFailure e) {
      // It ends by itself; nobody waits for it any more.
    }
  }

  private SqlRows rows(Json answer, Deadline deadline) throws ApiFailure {
    List<String> columns = new ArrayList<>();
    Json schema = answer.at("manifest", "schema");
    if (schema != null) {
      schema.items("columns").forEach(column -> columns.add(column.text("name", "")));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    Json chunk = answer.get("result");
    for (int i = 0; chunk != null && i < MAX_CHUNKS; i++) {
      for (Json row : chunk.items("data_array")) {
        List<@Nullable String> cells = new ArrayList<>();
        if (row instanceof Json.Arr(List<Json> values)) {
          values.forEach(value -> cells.add(value.asText()));
        }
        rows.add(cells);
      }
      String next = chunk.text("next_chunk_internal_link");
      // A path on this workspace and nothing else: the token goes with the request.
      chunk = next != null && next.startsWith("/api/") ? client.get(next, deadline) : null;
    }
    return new SqlRows(columns, rows);
  }

  private static ApiFailure failed(Json answer, String state) {
    Json error = answer.at("status", "error");
    String code = error == null ? null : error.text("error_code");
    String message = error == null ? "the statement ended as " + state : error.text("message", "");
    return new ApiFailure(
        RestWorkspace.sqlKind(message, code), 200, code, message.replaceAll("\\s+", " ").strip());
  }

  private static String state(Json answer) {
    Json status = answer.get("status");
    return status == null ? "" : status.text("state", "");
  }
}
