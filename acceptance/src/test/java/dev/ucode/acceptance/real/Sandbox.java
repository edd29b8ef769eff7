package dev.ucode.acceptance.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sandbox workspace, started and stopped through the distribution's command, asked over HTTP. */
final class Sandbox implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Dist dist;
  private final Path folder;
  private final Map<String, String> environment;
  private String url = "";
  private String token = "";
  private String adminToken = "";

  private Sandbox(Dist dist, Path folder) {
    this.dist = dist;
    this.folder = folder;
    this.environment = Map.of("HOME", folder.resolve("home").toString(), "PATH", "/usr/bin:/bin");
  }

  /**
   * Starts one in an empty folder.
   *
   * @param state the starting state's name, or null for the default one
   */
  public static Sandbox start(Dist dist, Path folder, @Nullable String state) {
    try {
      Files.createDirectories(folder.resolve("home"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Sandbox sandbox = new Sandbox(dist, folder);
    List<String> words = new ArrayList<>(List.of("start", "--port", "0"));
    if (state != null) {
      words.addAll(List.of("--state", state));
    }
    sandbox.command(words);
    sandbox.learn();
    return sandbox;
  }

  private String command(List<String> words) {
    List<String> all = new ArrayList<>();
    all.add(dist.ucode().toString());
    all.add("sandbox");
    all.addAll(words);
    return Program.start(all, folder, environment).ended(PATIENCE).expect(0).out();
  }

  private void learn() {
    Map<String, String> told = new LinkedHashMap<>();
    for (String line : command(List.of("env")).lines().toList()) {
      String[] parts = line.replaceFirst("^export ", "").split("=", 2);
      if (parts.length == 2) {
        told.put(parts[0], parts[1].replaceAll("^['\"]|['\"]$", ""));
      }
    }
    url = told.getOrDefault("DATABRICKS_HOST", "");
    token = told.getOrDefault("DATABRICKS_TOKEN", "");
    adminToken = told.getOrDefault("UCODE_SANDBOX_ADMIN_TOKEN", "");
    if (url.isEmpty() || token.isEmpty()) {
      throw new AssertionError("ucode sandbox env said: " + told.keySet());
    }
  }

  /** The workspace's URL. */
  public String url() {
    return url;
  }

  /** A personal access token of a user who may do everything. */
  public String token() {
    return token;
  }

  /**
   * Runs one of the checked-in statements on the running warehouse.
   *
   * @param parameters name, value, name, value, ...; all strings
   * @return the rows, each by column name
   */
  public List<Map<String, @Nullable String>> sql(String statement, String... parameters) {
    ObjectNode body = JSON.createObjectNode();
    body.put("warehouse_id", warehouse());
    body.put("statement", statement);
    body.put("wait_timeout", "30s");
    ArrayNode list = body.putArray("parameters");
    for (int i = 0; i < parameters.length; i += 2) {
      list.addObject().put("name", parameters[i]).put("value", parameters[i + 1]);
    }
    JsonNode answer = post("/api/2.0/sql/statements", body);
    String state = answer.path("status").path("state").asText();
    if (!state.equals("SUCCEEDED")) {
      throw new AssertionError("SQL: " + answer.path("status"));
    }
    List<String> columns = new ArrayList<>();
    answer
        .path("manifest")
        .path("schema")
        .path("columns")
        .forEach(column -> columns.add(column.path("name").asText()));
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    JsonNode result = answer.path("result");
    while (true) {
      for (JsonNode values : result.path("data_array")) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          row.put(columns.get(i), values.get(i).isNull() ? null : values.get(i).asText());
        }
        rows.add(row);
      }
      JsonNode next = result.path("next_chunk_internal_link");
      if (next.isMissingNode() || next.isNull()) {
        return rows;
      }
      result = get(next.asText());
    }
  }

  /** The id of a running warehouse. */
  public String warehouse() {
    for (JsonNode warehouse : get("/api/2.0/sql/warehouses").path("warehouses")) {
      if (warehouse.path("state").asText().equals("RUNNING")) {
        return warehouse.path("id").asText();
      }
    }
    throw new AssertionError("no warehouse is running");
  }

  /** GET with the user's token. */
  public JsonNode get(String path) {
    return send(request(path, token).GET().build());
  }

  /** POST with the user's token. */
  public JsonNode post(String path, JsonNode body) {
    return send(
        request(path, token).POST(HttpRequest.BodyPublishers.ofString(body.toString())).build());
  }

  /**
   * Makes matching requests go wrong: a JSON object as {@code ucode sandbox fault} describes it.
   */
  void fault(String json) {
    send(
        request("/sandbox/faults", adminToken)
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Nothing goes wrong any more. */
  void noFaults() {
    send(request("/sandbox/faults", adminToken).DELETE().build());
  }

  /** How often faults have struck. */
  long struck() {
    long hits = 0;
    for (JsonNode fault :
        send(request("/sandbox/faults", adminToken).GET().build()).path("faults")) {
      hits += fault.path("hits").asLong();
    }
    return hits;
  }

  /** The requests whose path contains a text, as the sandbox recorded them. */
  List<JsonNode> requests(String pathPart) {
    List<JsonNode> found = new ArrayList<>();
    send(request("/sandbox/requests?limit=20000&path=" + pathPart, adminToken).GET().build())
        .path("requests")
        .forEach(found::add);
    return found;
  }

  private HttpRequest.Builder request(String path, String bearer) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + bearer)
        .header("Content-Type", "application/json");
  }

  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(request.uri() + ": " + answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops it. */
  @Override
  public void close() {
    command(List.of("stop"));
    http.close();
  }
}
