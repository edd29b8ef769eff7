package dev.ucode.sandbox.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Asked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryRoutesTest {
  private static final String SERVICES = "/api/2.1/unity-catalog/model-services";
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
  void modelServicesComeInPages() throws Exception {
    List<String> names = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page =
          asked
              .get(SERVICES + "?parent=schemas%2Fsystem.ai&page_size=1&page_token=" + token)
              .expect(200)
              .json();
      names.addAll(page.findValuesAsText("name"));
      token = page.path("next_page_token").asText();
      pages++;
    } while (!token.isEmpty());
    assertThat(names)
        .hasSize(pages)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith("model-services/system.ai.claude-"));
    assertThat(pages).isGreaterThan(2);
  }

  @Test
  void theListingBehavesAsThePlatformsDoes() throws Exception {
    asked.get(SERVICES).expect(499);
    asked.get(SERVICES + "?page_size=10&parent=schemas/main.nothing").expect(404);
    asked.get(SERVICES + "?page_size=10&page_token=!").expect(400);
    asked.ask(asked.strangerToken(), "GET", SERVICES + "?page_size=1", null).expect(403);
  }

  @Test
  void theSameModelsAreEndpointsAndFoundationModels() throws Exception {
    List<String> endpoints =
        asked
            .get("/api/ai-gateway/v2/endpoints?page_size=100")
            .expect(200)
            .json()
            .path("endpoints")
            .findValuesAsText("name");
    JsonNode foundation =
        asked.get("/api/2.0/serving-endpoints:foundation-models").expect(200).json();
    assertThat(foundation.path("endpoints").valueStream().map(e -> e.path("name").asText()))
        .containsExactlyElementsOf(endpoints);
    assertThat(endpoints).anyMatch(name -> name.startsWith("databricks-claude-sonnet-"));
    assertThat(
            asked
                .get("/api/2.1/unity-catalog/model-provider-services?page_size=100")
                .expect(200)
                .json())
        .isEmpty();
  }
}
