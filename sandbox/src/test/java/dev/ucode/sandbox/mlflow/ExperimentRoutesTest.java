package dev.ucode.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentRoutesTest {
  private static final String ROOT = "/api/2.0/mlflow/experiments/";
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
  void theSharedExperimentIsFoundWithItsTags() throws Exception {
    JsonNode found =
        asked
            .post(
                ROOT + "search", "{\"filter\":\"name LIKE '%ucode-traces'\",\"max_results\":1000}")
            .expect(200)
            .json();
    assertThat(found.path("experiments")).hasSize(1);
    JsonNode experiment = found.path("experiments").get(0);
    assertThat(experiment.path("name").asText()).isEqualTo("/Shared/ucode-traces");
    assertThat(Json.write(experiment.path("tags")))
        .contains(
            "{\"key\":\"mlflow.experiment.databricksTraceDestinationPath\",\"value\":"
                + "\"main.traces.ucode\"}",
            "{\"key\":\"mlflow.experiment.databricksTraceSpanStorageTable\",\"value\":"
                + "\"main.traces.ucode_otel_spans\"}");
    String id = experiment.path("experiment_id").asText();
    assertThat(asked.get(ROOT + "get?experiment_id=" + id).expect(200).json().path("experiment"))
        .isEqualTo(experiment);
    assertThat(
            asked
                .get(ROOT + "get-by-name?experiment_name=%2FShared%2Fucode-traces")
                .expect(200)
                .json()
                .path("experiment"))
        .isEqualTo(experiment);
  }

  @Test
  void searchPagesThroughEverythingOnce() throws Exception {
    for (int i = 0; i < 25; i++) {
      asked.post(ROOT + "create", "{\"name\":\"/Shared/n" + i + "\"}").expect(200);
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          asked
              .post(
                  ROOT + "search",
                  "{\"filter\":\"name ILIKE '/shared/N%'\",\"max_results\":10,\"order_by\":[\"name"
                      + " ASC\"],\"page_token\":\""
                      + token
                      + "\"}")
              .expect(200)
              .json();
      assertThat(page.path("experiments").size()).isBetween(5, 10);
      page.path("experiments").forEach(one -> names.add(one.path("name").asText()));
      token = page.path("next_page_token").asText();
    } while (!token.isEmpty());
    assertThat(names).hasSize(25).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anEmptyResultHasNoList() throws Exception {
    assertThat(asked.post(ROOT + "search", "{\"filter\":\"name = 'no'\"}").expect(200).json())
        .isEmpty();
  }

  @Test
  void tagsAreSetFilteredAndRemoved() throws Exception {
    String id =
        asked
            .post(
                ROOT + "create",
                "{\"name\":\"/Shared/x\",\"tags\":[{\"key\":\"a.b\",\"value\":\"1\"}]}")
            .expect(200)
            .json()
            .path("experiment_id")
            .asText();
    asked
        .post(
            ROOT + "set-experiment-tag",
            "{\"experiment_id\":\"" + id + "\",\"key\":\"c\",\"value\":\"2\"}")
        .expect(200);
    String filter = "{\"filter\":\"tags.`a.b` = '1' AND tags.c = '2' AND name LIKE '/Shared/%'\"}";
    assertThat(asked.post(ROOT + "search", filter).json().path("experiments")).hasSize(1);
    asked
        .post(ROOT + "delete-experiment-tag", "{\"experiment_id\":\"" + id + "\",\"key\":\"c\"}")
        .expect(200);
    assertThat(asked.post(ROOT + "search", filter).json().path("experiments")).isEmpty();
  }

  @Test
  void namesAreUniqueAndAbsolute() throws Exception {
    assertThat(
            asked.post(ROOT + "create", "{\"name\":\"/Shared/ucode-traces\"}").expect(400).error())
        .isEqualTo("RESOURCE_ALREADY_EXISTS");
    assertThat(asked.post(ROOT + "create", "{\"name\":\"relative\"}").expect(400).error())
        .isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(asked.get(ROOT + "get?experiment_id=5").expect(404).error())
        .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertThat(asked.get(ROOT + "get-by-name?experiment_name=no").expect(404).error())
        .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    asked.get(ROOT + "get").expect(400);
  }

  @Test
  void deletedExperimentsLeaveTheirNameFree() throws Exception {
    String id = asked.experiment();
    asked.post(ROOT + "delete", "{\"experiment_id\":\"" + id + "\"}").expect(200);
    assertThat(asked.post(ROOT + "search", "{}").json()).isEmpty();
    assertThat(
            asked
                .post(ROOT + "search", "{\"view_type\":\"DELETED_ONLY\"}")
                .json()
                .path("experiments"))
        .hasSize(1);
    asked.post(ROOT + "create", "{\"name\":\"/Shared/ucode-traces\"}").expect(200);
    assertThat(
            asked.post(ROOT + "restore", "{\"experiment_id\":\"" + id + "\"}").expect(400).error())
        .isEqualTo("RESOURCE_ALREADY_EXISTS");
  }

  @Test
  void permissionsAreAsked() throws Exception {
    asked.ask(asked.strangerToken(), "POST", ROOT + "search", Json.object()).expect(403);
    asked
        .ask(asked.strangerToken(), "POST", ROOT + "create", Json.object().put("name", "/Shared/y"))
        .expect(403);
  }
}
