package dev.ucode.sandbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.Sandbox;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.identity.Tokens;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.store.Sql;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A sandbox and a client of its SQL APIs. */
final class Workspace implements AutoCloseable {
  static final String RUNNING = "a1b2c3d4e5f60002";
  static final String STOPPED = "a1b2c3d4e5f60001";
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  final Sandbox sandbox;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String stranger;

  /** An answer: its status and its JSON. */
  record Answer(int status, JsonNode json) {
    String state() {
      return json.path("status").path("state").asText();
    }

    String error() {
      return json.path("status").path("error").path("message").asText();
    }

    /** The rows of the first chunk, each as its values joined by {@code |}; null is {@code -}. */
    String rows() {
      StringBuilder rows = new StringBuilder();
      for (JsonNode row : json.path("result").path("data_array")) {
        String separator = "";
        for (JsonNode value : row) {
          rows.append(separator).append(value.isNull() ? "-" : value.asText());
          separator = "|";
        }
        rows.append('\n');
      }
      return rows.toString();
    }
  }

  Workspace(Path folder) throws Exception {
    this(folder, InstantSource.system());
  }

  Workspace(Path folder, InstantSource clock) throws Exception {
    sandbox = Sandbox.start(folder, 0, clock);
    stranger = sandbox.database().write(c -> Tokens.newPersonal(c, StartingState.STRANGER_ID));
  }

  Answer get(String path) throws Exception {
    return send(sandbox.token(), "GET", path, null);
  }

  Answer post(String path, ObjectNode body) throws Exception {
    return send(sandbox.token(), "POST", path, body);
  }

  Answer asStranger(String method, String path, @Nullable ObjectNode body) throws Exception {
    return send(stranger, method, path, body);
  }

  Answer asAdmin(String method, String path, @Nullable ObjectNode body) throws Exception {
    return send(sandbox.adminToken(), method, path, body);
  }

  /** A statement's request on the running warehouse; parameters as name, type and value. */
  static ObjectNode statement(String sql, String... parameters) {
    ObjectNode body = Json.object().put("statement", sql).put("warehouse_id", RUNNING);
    for (int i = 0; i < parameters.length; i += 3) {
      body.withArray("parameters")
          .addObject()
          .put("name", parameters[i])
          .put("type", parameters[i + 1])
          .put("value", parameters[i + 2]);
    }
    return body;
  }

  Answer run(String sql, String... parameters) throws Exception {
    return post("/api/2.0/sql/statements", statement(sql, parameters));
  }

  /** Asks again and again until the answer fits. */
  Answer until(String path, Predicate<Answer> fits) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Answer answer = get(path);
      if (fits.test(answer)) {
        return answer;
      }
      assertThat(System.nanoTime()).as("last answer: %s", answer).isLessThan(deadline);
    }
  }

  /** Adds a span row as the ingest would; times in milliseconds after 2026-11-20T12:00:00Z. */
  void span(
      String trace,
      String span,
      @Nullable String parent,
      String name,
      long start,
      long end,
      String json)
      throws Exception {
    long base = 1_795_176_000_000L;
    String error = name.endsWith("!") ? "STATUS_CODE_ERROR" : "STATUS_CODE_OK";
    sandbox
        .database()
        .change(
            connection ->
                Sql.update(
                    connection,
                    "INSERT INTO \"main.traces.ucode_otel_spans\" (date, trace_id, span_id,"
                        + " parent_span_id, name, start_time_unix_nano, end_time_unix_nano,"
                        + " attributes, status) VALUES (date(?, 'unixepoch'), ?, ?, ?, ?, ?, ?, ?,"
                        + " json_object('message', NULL, 'code', ?))",
                    (base + start) / 1000,
                    trace,
                    span,
                    parent,
                    name.replace("!", ""),
                    (base + start) * 1_000_000,
                    (base + end) * 1_000_000,
                    json,
                    error));
  }

  private Answer send(String token, String method, String path, @Nullable ObjectNode body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(sandbox.url().resolve(path))
            .timeout(DEADLINE)
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), Json.parse(answer.body()));
  }

  @Override
  public void close() throws SQLException {
    http.close();
    sandbox.close();
  }
}
