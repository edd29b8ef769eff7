package dev.ucode.state;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state as JSON and back. */
final class StateJson {
  private static final long VERSION = 4;

  private StateJson() {}

  /** The file is JSON, but not a state of ours. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String why) {
      super(why);
    }
  }

  static Json write(State state) {
    Json.Builder workspaces = Json.object();
    state.workspaces().forEach((url, workspace) -> workspaces.put(url.value(), write(workspace)));
    WorkspaceUrl current = state.current();
    return Json.object()
        .put("state_version", VERSION)
        .putIfPresent("current_workspace", current == null ? null : current.value())
        .put("workspaces", workspaces.build())
        .build();
  }

  static State read(Json json) throws Unreadable {
    Long version = json.number("state_version");
    if (version == null) {
      throw new Unreadable("it has no state_version");
    }
    if (version != VERSION) {
      throw new Unreadable(
          version > VERSION
              ? "it was written by a newer ucode (version " + version + "): update ucode"
              : "it has the unknown version " + version);
    }
    Map<WorkspaceUrl, WorkspaceState> workspaces = new LinkedHashMap<>();
    if (json.get("workspaces") instanceof Json.Obj entries) {
      for (Map.Entry<String, Json> entry : entries.members().entrySet()) {
        WorkspaceUrl url = url(entry.getKey());
        workspaces.put(url, workspace(url, entry.getValue()));
      }
    }
    String current = json.text("current_workspace");
    return new State(current == null ? null : url(current), workspaces);
  }

  private static Json write(WorkspaceState workspace) {
    Json.Builder claude = Json.object();
    workspace.models().claude().forEach(claude::put);
    Json.Builder destinations = Json.object();
    workspace.destinations().forEach((id, place) -> destinations.put(id, write(place)));
    TracingState tracing = workspace.tracing();
    return Json.object()
        .put("sign_in", write(workspace.signIn()))
        .putIfPresent("user", workspace.user())
        .put("token_interval_ms", workspace.tokenInterval().toMillis())
        .put("models", Json.object().put("claude", claude.build()).build())
        .put("agents", workspace.agents().stream().map(a -> Json.of(a.value())).toList())
        .put(
            "tracing",
            Json.object()
                .put("enabled", tracing.enabled())
                .put("exporter", tracing.exporter().word())
                .putIfPresent("destination", tracing.destination())
                .putIfPresent("mlflow", tracing.mlflow())
                .build())
        .put("destinations", destinations.build())
        .build();
  }

  private static WorkspaceState workspace(WorkspaceUrl url, Json json) throws Unreadable {
    String where = "workspace " + url;
    Map<String, String> claude = new LinkedHashMap<>();
    if (json.at("models", "claude") instanceof Json.Obj models) {
      models
          .members()
          .forEach(
              (family, id) -> {
                if (id instanceof Json.Str text) {
                  claude.put(family, text.value());
                }
              });
    }
    List<AgentId> agents = new ArrayList<>();
    for (Json agent : json.items("agents")) {
      String name = agent.asText();
      if (name == null || !name.matches("[a-z][a-z0-9-]*")) {
        throw new Unreadable(where + " has an agent without a name");
      }
      agents.add(new AgentId(name));
    }
    SignIn signIn = signIn(where, json.get("sign_in"));
    Map<String, TraceDestination> destinations = new LinkedHashMap<>();
    if (json.get("destinations") instanceof Json.Obj places) {
      for (Map.Entry<String, Json> place : places.members().entrySet()) {
        destinations.put(
            place.getKey(), destination(place.getKey(), url, signIn, place.getValue()));
      }
    }
    return new WorkspaceState(
        url,
        signIn,
        json.text("user"),
        Duration.ofMillis(json.number("token_interval_ms", 900_000)),
        new Models(claude),
        agents,
        tracing(where, json.get("tracing")),
        destinations);
  }

  private static TracingState tracing(String where, @Nullable Json json) throws Unreadable {
    if (json == null) {
      return TracingState.OFF;
    }
    String word = json.text("exporter", Exporter.NATIVE.word());
    for (Exporter exporter : Exporter.values()) {
      if (exporter.word().equals(word)) {
        return new TracingState(
            json.isTrue("enabled"), exporter, json.text("destination"), json.text("mlflow"));
      }
    }
    throw new Unreadable(where + " has the unknown exporter '" + word + "'");
  }

  private static Json write(SignIn signIn) {
    return switch (signIn) {
      case SignIn.PatProfile(String profile) ->
          Json.object().put("method", "pat").put("profile", profile).build();
      case SignIn.ClientCredentialsProfile(String profile) ->
          Json.object().put("method", "client-credentials").put("profile", profile).build();
      case SignIn.EnvironmentVariable(String name) ->
          Json.object().put("method", "environment").put("variable", name).build();
    };
  }

  private static SignIn signIn(String where, @Nullable Json json) throws Unreadable {
    String method = json == null ? null : json.text("method");
    String profile = json == null ? null : json.text("profile");
    String variable = json == null ? null : json.text("variable");
    if ("pat".equals(method) && profile != null) {
      return new SignIn.PatProfile(profile);
    }
    if ("client-credentials".equals(method) && profile != null) {
      return new SignIn.ClientCredentialsProfile(profile);
    }
    if ("environment".equals(method) && variable != null) {
      return new SignIn.EnvironmentVariable(variable);
    }
    throw new Unreadable(where + " has no sign-in that this ucode knows");
  }

  private static Json write(TraceDestination place) {
    return Json.object()
        .put("experiment_id", place.experimentId())
        .put("experiment_name", place.experimentName())
        .put("uc_destination", place.location().toString())
        .put("spans_table", place.spansTable())
        .putIfPresent("sql_warehouse_id", place.warehouseId())
        .putIfPresent("user", place.user())
        .build();
  }

  private static TraceDestination destination(String id, WorkspaceUrl url, SignIn signIn, Json json)
      throws Unreadable {
    String where = "destination " + id + " of " + url;
    UcLocation location = UcLocation.parse(json.text("uc_destination", ""));
    String experiment = json.text("experiment_id");
    String name = json.text("experiment_name");
    String table = json.text("spans_table");
    if (location == null || experiment == null || name == null || table == null) {
      throw new Unreadable(where + " is incomplete");
    }
    return new TraceDestination(
        id,
        url,
        signIn,
        experiment,
        name,
        location,
        table,
        json.text("sql_warehouse_id"),
        json.text("user"));
  }

  private static WorkspaceUrl url(String text) throws Unreadable {
    WorkspaceUrl url = WorkspaceUrl.parse(text);
    if (url == null) {
      throw new Unreadable("'" + text + "' is not a workspace's address");
    }
    return url;
  }
}
