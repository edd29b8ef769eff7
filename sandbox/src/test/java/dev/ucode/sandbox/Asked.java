package dev.ucode.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.store.Sql;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A sandbox in a test, and a client that asks it over HTTP. */
public final class Asked implements AutoCloseable {
  /** The warehouse that runs. */
  public static final String WAREHOUSE = "a1b2c3d4e5f60002";

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private final Sandbox sandbox;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer: its status, its JSON and what lies under it. */
  public record Answer(int status, JsonNode json, HttpResponse<byte[]> raw) {
    /** Goes on only with that status. */
    public Answer expect(int wanted) {
      assertThat(status).as("%s", json).isEqualTo(wanted);
      return this;
    }

    /** The platform's error code. */
    public String error() {
      return json.path("error_code").asText();
    }
  }

  private Asked(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** A sandbox in an empty folder. */
  public static Asked start(Path folder) throws IOException, SQLException {
    return start(folder, StartingState.PROVISIONED, InstantSource.system());
  }

  /** A sandbox with that state and clock. */
  public static Asked start(Path folder, StartingState state, InstantSource clock)
      throws IOException, SQLException {
    return new Asked(Sandbox.start("test", folder, 0, state, clock));
  }

  /** The server in this process. */
  public Sandbox sandbox() {
    return sandbox;
  }

  /** The service principal's client id and secret. */
  public List<String> client() {
    return List.of(sandbox.credentials().clientId(), sandbox.credentials().clientSecret());
  }

  /** The token of a user without any permission. */
  public String strangerToken() {
    return sandbox.credentials().strangerToken();
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path, sandbox.token()).GET());
  }

  public Answer post(String path, JsonNode body) throws IOException, InterruptedException {
    return ask(sandbox.token(), "POST", path, body);
  }

  public Answer post(String path, String json) throws IOException, InterruptedException {
    return ask(sandbox.token(), "POST", path, Json.parse(json));
  }

  public Answer patch(String path, String json) throws IOException, InterruptedException {
    return ask(sandbox.token(), "PATCH", path, Json.parse(json));
  }

  public Answer delete(String path) throws IOException, InterruptedException {
    return ask(sandbox.token(), "DELETE", path, null);
  }

  /** With the admin token. */
  public Answer admin(String method, String path, @Nullable String json)
      throws IOException, InterruptedException {
    return ask(sandbox.adminToken(), method, path, json == null ? null : Json.parse(json));
  }

  /** With any token. */
  public Answer ask(String token, String method, String path, @Nullable JsonNode body)
      throws IOException, InterruptedException {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(Json.write(body))));
  }

  /** A request to that path, to be completed. */
  public HttpRequest.Builder request(String path, @Nullable String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(sandbox.url().resolve(path)).timeout(DEADLINE);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  /** Sends a request; the body of an answer that is no JSON is an empty object. */
  public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> raw = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    boolean json = raw.headers().firstValue("Content-Type").orElse("").contains("json");
    return new Answer(raw.statusCode(), json ? Json.parse(raw.body()) : Json.object(), raw);
  }

  /** One column of a query on the data, as texts. */
  public List<String> column(String sql, Object... values) throws SQLException {
    return sandbox
        .database()
        .read(
            connection ->
                Sql.list(connection, sql, row -> String.valueOf(row.getString(1)), values));
  }

  /** Asks the data again and again until the column fits. */
  public List<String> columnUntil(String sql, Predicate<List<String>> fits)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      List<String> found = column(sql);
      if (fits.test(found)) {
        return found;
      }
      assertThat(System.nanoTime()).as("last: %s", found).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** The id of the shared experiment. */
  public String experiment() throws SQLException {
    return column("SELECT id FROM experiment WHERE name = '/Shared/ucode-traces'").getFirst();
  }

  /** An object to be filled. */
  public static ObjectNode object() {
    return Json.object();
  }

  @Override
  public void close() throws SQLException {
    http.close();
    sandbox.close();
  }
}
