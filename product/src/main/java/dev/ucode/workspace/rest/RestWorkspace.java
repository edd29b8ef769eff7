package dev.ucode.workspace.rest;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.json.Json;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.Discovery;
import dev.ucode.workspace.Experiment;
import dev.ucode.workspace.Warehouse;
import dev.ucode.workspace.Workspace;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Workspace} over the REST API. */
final class RestWorkspace implements Workspace {
  /** No listing of ours is longer; a server that never ends its pages is stopped here. */
  private static final int MAX_PAGES = 100;

  /** An ExportTraceServiceRequest with one ResourceSpans that holds no span. */
  private static final byte[] NO_SPANS = {0x0A, 0x00};

  private final WorkspaceUrl url;
  private final RestClient client;

  RestWorkspace(WorkspaceUrl url, RestClient client) {
    this.url = url;
    this.client = client;
  }

  @Override
  public WorkspaceUrl url() {
    return url;
  }

  @Override
  public String user(Deadline deadline) throws ApiFailure {
    Json me = client.get("/api/2.0/preview/scim/v2/Me", deadline);
    String user = me.text("userName");
    if (user == null || user.isBlank()) {
      throw new ApiFailure(
          ApiFailure.Kind.NOT_AN_API, 200, null, "its answer about you has no userName");
    }
    return user;
  }

  @Override
  public Discovery discover(Deadline deadline) throws ApiFailure {
    return new ModelDiscovery(url, client).discover(deadline);
  }

  @Override
  public List<Experiment> experiments(String nameEnd, Deadline deadline) throws ApiFailure {
    List<Experiment> found = new ArrayList<>();
    Json.Builder query =
        Json.object()
            .put("filter", "name LIKE '%" + nameEnd.replace("'", "") + "'")
            .put("max_results", 1000);
    Pages pages = new Pages();
    do {
      Json page =
          client.query(
              "/api/2.0/mlflow/experiments/search",
              query.putIfPresent("page_token", pages.token()).build(),
              deadline);
      for (Json item : page.items("experiments")) {
        Experiment experiment = experiment(item);
        if (experiment != null) {
          found.add(experiment);
        }
      }
      pages.next(page);
    } while (pages.more());
    return found;
  }

  @Override
  public Experiment experiment(String id, Deadline deadline) throws ApiFailure {
    Json answer =
        client.get("/api/2.0/mlflow/experiments/get?experiment_id=" + encode(id), deadline);
    Json item = answer.get("experiment");
    Experiment experiment = item == null ? null : experiment(item);
    if (experiment == null) {
      throw new ApiFailure(
          ApiFailure.Kind.NOT_AN_API, 200, null, "its answer about experiment " + id + " is empty");
    }
    return experiment;
  }

  @Override
  public List<Warehouse> warehouses(Deadline deadline) throws ApiFailure {
    List<Warehouse> found = new ArrayList<>();
    Pages pages = new Pages();
    do {
      String token = pages.token();
      Json page =
          client.get(
              "/api/2.0/sql/warehouses" + (token == null ? "" : "?page_token=" + encode(token)),
              deadline);
      for (Json item : page.items("warehouses")) {
        String id = item.text("id");
        if (id != null && !id.isBlank()) {
          found.add(new Warehouse(id, item.text("name", id), item.text("state", "UNKNOWN")));
        }
      }
      pages.next(page);
    } while (pages.more());
    return found;
  }

  @Override
  public void proveWritable(String table, Deadline deadline) throws ApiFailure {
    client.send(
        new Call(
            "POST",
            url.resolve("/api/2.0/otel/v1/traces"),
            Map.of("Content-Type", "application/x-protobuf", "X-Databricks-UC-Table-Name", table),
            NO_SPANS),
        deadline);
  }

  @Override
  public void proveReadable(String table, Warehouse warehouse, Deadline deadline)
      throws ApiFailure {
    Json answer =
        client.query(
            "/api/2.0/sql/statements",
            Json.object()
                .put("statement", "SELECT trace_id FROM " + quoted(table) + " LIMIT 0")
                .put("warehouse_id", warehouse.id())
                .put("wait_timeout", "20s")
                .put("on_wait_timeout", "CANCEL")
                .build(),
            deadline);
    Json status = answer.get("status");
    String state = status == null ? "" : status.text("state", "");
    if (state.equals("SUCCEEDED")) {
      return;
    }
    Json error = status == null ? null : status.get("error");
    String code = error == null ? null : error.text("error_code");
    String message = error == null ? "statement " + state : error.text("message", state);
    throw new ApiFailure(
        sqlKind(message, code), 200, code, message.replaceAll("\\s+", " ").strip());
  }

  /** The error classes that a SQL warehouse puts in brackets before its message. */
  static ApiFailure.Kind sqlKind(String message, @Nullable String code) {
    if (message.contains("[TABLE_OR_VIEW_NOT_FOUND]")) {
      return ApiFailure.Kind.NOT_FOUND;
    }
    if (message.contains("[INSUFFICIENT_PERMISSIONS]") || "PERMISSION_DENIED".equals(code)) {
      return ApiFailure.Kind.FORBIDDEN;
    }
    return ApiFailure.Kind.REFUSED;
  }

  /** A dotted name with each part in backticks, so that no name can be more than a name. */
  private static String quoted(String table) {
    List<String> parts = new ArrayList<>();
    for (String part : table.split("\\.", -1)) {
      parts.add("`" + part.replace("`", "``") + "`");
    }
    return String.join(".", parts);
  }

  private static @Nullable Experiment experiment(Json item) {
    String id = item.text("experiment_id");
    String name = item.text("name");
    if (id == null || name == null) {
      return null;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (Json tag : item.items("tags")) {
      String key = tag.text("key");
      if (key != null) {
        tags.put(key, tag.text("value", ""));
      }
    }
    boolean active = item.text("lifecycle_stage", "active").equals("active");
    return new Experiment(id, name, active, tags);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Follows {@code next_page_token}, but neither in circles nor for ever. */
  static final class Pages {
    private final Set<String> seen = new HashSet<>();
    private @Nullable String token;
    private int count;

    /** Token of the page to be asked for; null for the first, and after the last. */
    @Nullable String token() {
      return token;
    }

    void next(Json page) {
      count++;
      String next = page.text("next_page_token");
      boolean goOn = next != null && !next.isBlank() && seen.add(next) && count < MAX_PAGES;
      token = goOn ? next : null;
    }

    boolean more() {
      return token != null;
    }
  }
}
