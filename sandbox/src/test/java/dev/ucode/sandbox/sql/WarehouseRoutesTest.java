package dev.ucode.sandbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.sandbox.http.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseRoutesTest {
  private static final String PATH = "/api/2.0/sql/warehouses";
  private Workspace workspace;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    workspace = new Workspace(folder);
  }

  @AfterEach
  void stop() throws Exception {
    workspace.close();
  }

  @Test
  void oneRunsAndOneIsStopped() throws Exception {
    var warehouses = workspace.get(PATH).json().path("warehouses");
    assertThat(warehouses.findValuesAsText("id"))
        .containsExactly(Workspace.RUNNING, Workspace.STOPPED);
    assertThat(warehouses.findValuesAsText("state")).containsExactly("RUNNING", "STOPPED");
    assertThat(warehouses.get(0).path("odbc_params").path("path").asText())
        .isEqualTo("/sql/1.0/warehouses/" + Workspace.RUNNING);
  }

  @Test
  void aStartTakesAWhile() throws Exception {
    String path = PATH + "/" + Workspace.STOPPED;
    workspace.asAdmin(
        "PATCH",
        "/sandbox/warehouses/" + Workspace.STOPPED,
        Json.object().put("start_millis", 600));

    assertThat(workspace.post(path + "/start", Json.object()).status()).isEqualTo(200);
    assertThat(workspace.get(path).json().path("state").asText()).isEqualTo("STARTING");
    workspace.until(path, answer -> answer.json().path("state").asText().equals("RUNNING"));

    workspace.post(path + "/stop", Json.object());
    assertThat(workspace.get(path).json().path("state").asText()).isEqualTo("STOPPED");
  }

  @Test
  void aRunningWarehouseStaysRunningWhenStartedAgain() throws Exception {
    String path = PATH + "/" + Workspace.RUNNING;
    assertThat(workspace.post(path + "/start", Json.object()).status()).isEqualTo(200);
    assertThat(workspace.get(path).json().path("state").asText()).isEqualTo("RUNNING");
  }

  @Test
  void theAdminSetsAStateAtOnceAndOnlyTheAdmin() throws Exception {
    String path = "/sandbox/warehouses/" + Workspace.STOPPED;
    var running = Json.object().put("state", "RUNNING");
    assertThat(workspace.asStranger("PATCH", path, running).status()).isEqualTo(403);
    assertThat(workspace.asAdmin("PATCH", path, running).json().path("state").asText())
        .isEqualTo("RUNNING");
    assertThat(workspace.asAdmin("PATCH", path, Json.object().put("state", "MELTED")).status())
        .isEqualTo(400);
  }

  @Test
  void whoMayNotIsToldSo() throws Exception {
    assertThat(workspace.asStranger("GET", PATH, null).status()).isEqualTo(403);
    assertThat(workspace.asStranger("GET", PATH + "/" + Workspace.RUNNING, null).status())
        .isEqualTo(403);
    assertThat(
            workspace
                .asStranger("POST", PATH + "/" + Workspace.STOPPED + "/start", Json.object())
                .json()
                .path("error_code")
                .asText())
        .isEqualTo("PERMISSION_DENIED");
    assertThat(workspace.get(PATH + "/" + Workspace.STOPPED).json().path("state").asText())
        .isEqualTo("STOPPED");
  }

  @Test
  void whatDoesNotExistIsNotFound() throws Exception {
    assertThat(workspace.get(PATH + "/ffff").status()).isEqualTo(404);
    assertThat(workspace.post(PATH + "/ffff/start", Json.object()).status()).isEqualTo(404);
  }
}
