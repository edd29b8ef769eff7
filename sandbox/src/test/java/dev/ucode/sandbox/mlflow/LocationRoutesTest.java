package dev.ucode.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationRoutesTest {
  private static final String LOCATIONS = "/api/5.0/mlflow/tracing/locations";
  private static final String TEAM =
      "{\"uc_table_prefix\":{\"catalog_name\":\"main\",\"schema_name\":\"traces\",\"table_prefix\":"
          + "\"team\"}}";
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void provisioningMakesTablesAndViewsAndLinksOnce() throws Exception {
    JsonNode made = asked.post(LOCATIONS, TEAM).expect(200).json().path("uc_table_prefix");
    assertThat(made.path("spans_table_name").asText()).isEqualTo("main.traces.team_otel_spans");
    assertThat(asked.post(LOCATIONS, TEAM).expect(200).json().path("uc_table_prefix"))
        .isEqualTo(made);
    assertThat(
            asked
                .get(LOCATIONS + "/" + made.path("location_id").asText())
                .expect(200)
                .json()
                .path("uc_table_prefix"))
        .isEqualTo(made);
    assertThat(
            asked.column(
                "SELECT full_name FROM uc_table WHERE full_name LIKE '%.team%' ORDER BY 1"))
        .containsExactly(
            "main.traces.team_otel_annotations",
            "main.traces.team_otel_logs",
            "main.traces.team_otel_metrics",
            "main.traces.team_otel_spans",
            "main.traces.team_trace_metadata",
            "main.traces.team_trace_unified");
    String id = create("/Shared/team");
    asked.post(link(id), TEAM).expect(200);
    asked.post(link(id), TEAM).expect(200);
    assertThat(
            asked
                .post(link(id), TEAM.replace("team", "ucode"))
                .expect(400)
                .json()
                .path("message")
                .asText())
        .contains("already linked to a different trace location");
    assertThat(
            asked.column(
                "SELECT value FROM experiment_tag WHERE experiment_id = ? AND key LIKE"
                    + " '%DestinationPath'",
                id))
        .containsExactly("main.traces.team");
  }

  @Test
  void whatIsMissingOrForbiddenIsSaid() throws Exception {
    assertThat(
            asked
                .post(LOCATIONS, TEAM.replace("main", "no"))
                .expect(404)
                .json()
                .path("message")
                .asText())
        .contains("Catalog 'no' does not exist");
    asked.post(LOCATIONS, TEAM.replace("traces", "no")).expect(404);
    asked.post(LOCATIONS, "{}").expect(400);
    asked.post(LOCATIONS, TEAM.replace("team", "a b")).expect(400);
    asked.ask(asked.strangerToken(), "POST", LOCATIONS, Json.parse(TEAM)).expect(403);
    asked.post(link(create("/Shared/a")), TEAM).expect(404);
    asked.post(LOCATIONS, TEAM.replace("}}", "},\"sql_warehouse_id\":\"none\"}")).expect(404);
  }

  @Test
  void anExperimentWithClassicTracesCannotBeLinked() throws Exception {
    String id = create("/Shared/classic");
    asked
        .post(
            "/api/3.0/mlflow/traces",
            "{\"trace\":{\"trace_info\":{\"trace_id\":\"tr-1\",\"trace_location\":{\"type\":"
                + "\"MLFLOW_EXPERIMENT\",\"mlflow_experiment\":{\"experiment_id\":\""
                + id
                + "\"}},\"request_time\":\"2026-11-20T12:00:00Z\",\"state\":\"OK\"}}}")
        .expect(200);
    asked.post(LOCATIONS, TEAM).expect(200);
    assertThat(asked.post(link(id), TEAM).expect(400).json().path("message").asText())
        .contains("already holds traces");
  }

  @Test
  void theOlderFormIsCreatedLinkedAndUnlinked() throws Exception {
    String schema = "{\"uc_schema\":{\"catalog_name\":\"main\",\"schema_name\":\"default\"}}";
    asked.post("/api/4.0/mlflow/traces/location", schema).expect(200);
    assertThat(asked.post("/api/4.0/mlflow/traces/location", schema).expect(409).error())
        .isEqualTo("ALREADY_EXISTS");
    String id = create("/Shared/older");
    asked.post("/api/4.0/mlflow/traces/" + id + "/link-location", schema).expect(200);
    assertThat(
            asked.column(
                "SELECT value FROM experiment_tag WHERE experiment_id = ? AND key LIKE"
                    + " '%DestinationPath'",
                id))
        .containsExactly("main.default");
    asked.post("/api/4.0/mlflow/traces/" + id + "/unlink-location", schema).expect(200);
    asked.post("/api/4.0/mlflow/traces/" + id + "/unlink-location", schema).expect(404);
  }

  private static String link(String id) {
    return "/api/5.0/mlflow/experiments/" + id + "/trace-location:link";
  }

  private String create(String name) throws Exception {
    return asked
        .post("/api/2.0/mlflow/experiments/create", Json.object().put("name", name))
        .expect(200)
        .json()
        .path("experiment_id")
        .asText();
  }
}
