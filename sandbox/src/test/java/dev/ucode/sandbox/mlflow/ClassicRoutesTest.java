package dev.ucode.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassicRoutesTest {
  private static final String ROOT = "/api/3.0/mlflow/traces";
  private static final String ID = "tr-0af7651916cd43dd8448eb211c80319c";
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder, StartingState.CLASSIC_EXPERIMENT, InstantSource.system());
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void aTraceIsStartedTaggedAssessedAndFound() throws Exception {
    asked.post(ROOT, info(asked.experiment())).expect(200);
    asked.patch(ROOT + "/" + ID + "/tags", "{\"key\":\"k\",\"value\":\"v\"}").expect(200);
    asked
        .post(
            ROOT + "/" + ID + "/assessments",
            "{\"assessment\":{\"assessment_name\":\"g\",\"source\":{\"source_type\":\"CODE\"},"
                + "\"feedback\":{\"value\":1}}}")
        .expect(200);
    JsonNode info = asked.get(ROOT + "/" + ID).expect(200).json().path("trace").path("trace_info");
    assertThat(info.path("tags").path("k").asText()).isEqualTo("v");
    assertThat(info.path("tags").path("mlflow.artifactLocation").asText()).endsWith(ID);
    assertThat(info.path("assessments")).hasSize(1);
    JsonNode found =
        asked
            .post(
                ROOT + "/search",
                "{\"locations\":[{\"mlflow_experiment\":{\"experiment_id\":\""
                    + asked.experiment()
                    + "\"}}],\"filter\":\"tag.k = 'v'\"}")
            .expect(200)
            .json();
    assertThat(found.path("traces").get(0)).isEqualTo(info);
    asked.delete(ROOT + "/" + ID + "/tags?key=k").expect(200);
    asked.delete(ROOT + "/" + ID + "/tags?key=k").expect(404);
    asked.get(ROOT + "/tr-none").expect(404);
  }

  @Test
  void spansGoThroughASignedAddress() throws Exception {
    asked.post(ROOT, info(asked.experiment())).expect(200);
    String up = signed("upload");
    URI uri = URI.create(up);
    asked
        .send(
            HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.ofString("{\"spans\":[]}")))
        .expect(200);
    var down = asked.send(HttpRequest.newBuilder(URI.create(signed("download")))).expect(200);
    assertThat(new String(down.raw().body(), StandardCharsets.UTF_8)).isEqualTo("{\"spans\":[]}");
    asked
        .send(
            HttpRequest.newBuilder(URI.create(up.replaceFirst("signed/[^/]+", "signed/x")))
                .PUT(HttpRequest.BodyPublishers.noBody()))
        .expect(403);
  }

  @Test
  void anExperimentInUnityCatalogTakesNoClassicTraces() throws Exception {
    asked.admin("POST", "/sandbox/reset", "{\"state\":\"provisioned\"}").expect(200);
    assertThat(
            asked.post(ROOT, info(asked.experiment())).expect(400).json().path("message").asText())
        .contains("Unity Catalog");
  }

  private String signed(String direction) throws Exception {
    return asked
        .get("/api/2.0/mlflow/traces/" + ID + "/credentials-for-data-" + direction)
        .expect(200)
        .json()
        .path("credential_info")
        .path("signed_uri")
        .asText();
  }

  private static JsonNode info(String experiment) {
    return Json.parse(
        "{\"trace\":{\"trace_info\":{\"trace_id\":\""
            + ID
            + "\",\"trace_location\":{\"type\":\"MLFLOW_EXPERIMENT\",\"mlflow_experiment\":{"
            + "\"experiment_id\":\""
            + experiment
            + "\"}},\"request_time\":\"2026-11-20T12:00:00Z\",\"state\":\"OK\"}}}");
  }
}
