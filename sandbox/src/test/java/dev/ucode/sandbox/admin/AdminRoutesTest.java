package dev.ucode.sandbox.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.otel.Export;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminRoutesTest {
  private static final String ME = "/api/2.0/preview/scim/v2/Me";
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void onlyTheAdminTokenOpensIt() throws Exception {
    asked.get("/sandbox/faults").expect(403);
    asked.send(asked.request("/sandbox/requests", null)).expect(401);
    asked.admin("GET", "/sandbox/faults", null).expect(200);
    asked.admin("GET", ME, null).expect(401);
    asked.send(asked.request("/sandbox/health", null)).expect(200);
  }

  @Test
  void everyFileIsTheOwnersAlone() throws Exception {
    asked.get(ME).expect(200);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
        .isEqualTo("rwx------");
    Set<String> modes = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      for (Path file : files.toList()) {
        modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    assertThat(modes).containsExactly("rw-------");
  }

  @Test
  void whatWasAskedCanBeQueried() throws Exception {
    asked.get(ME).expect(200);
    asked.get("/api/2.0/nothing?x=1").expect(404);
    Export.send(asked).expect(200);
    JsonNode all = asked.admin("GET", "/sandbox/requests", null).json().path("requests");
    assertThat(all.findValuesAsText("path"))
        .containsExactly(ME, "/api/2.0/nothing", "/api/2.0/otel/v1/traces");
    JsonNode otlp =
        asked
            .admin("GET", "/sandbox/requests?path=otel&method=post", null)
            .json()
            .path("requests")
            .get(0);
    assertThat(otlp.path("notes").path("table").asText()).isEqualTo(Export.TABLE);
    assertThat(otlp.path("headers").path("authorization").asText()).isEqualTo("Bearer ***");
    assertThat(otlp.path("status").asInt()).isEqualTo(200);
    assertThat(Json.write(all)).doesNotContain(asked.sandbox().token());
    asked.admin("DELETE", "/sandbox/requests", null).expect(200);
    assertThat(asked.admin("GET", "/sandbox/requests", null).json().path("requests")).isEmpty();
  }

  @Test
  void aResetEmptiesAndRefillsButKeepsTokens() throws Exception {
    Export.send(
            asked, Export.span("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "", "root"))
        .expect(200);
    asked.admin("POST", "/sandbox/faults", "{\"kind\":\"status\",\"path\":\"/x\"}").expect(200);
    asked.admin("POST", "/sandbox/reset", "{\"state\":\"lookalike-names\"}").expect(200);
    asked.admin("POST", "/sandbox/reset", "{\"state\":\"lookalike-names\"}").expect(200);
    asked.get(ME).expect(200);
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).isEmpty();
    assertThat(asked.column("SELECT name FROM experiment ORDER BY name"))
        .contains("/Shared/team-ucode-traces", "/Shared/ucode-traces");
    assertThat(asked.admin("GET", "/sandbox/faults", null).json().path("faults")).isEmpty();
    assertThat(
            asked.admin("POST", "/sandbox/reset", "{}").expect(200).json().path("state").asText())
        .isEqualTo("lookalike-names");
    asked.admin("POST", "/sandbox/reset", "{\"state\":\"nowhere\"}").expect(400);
  }

  @Test
  void usersCanBeMadeAndRestricted() throws Exception {
    JsonNode made =
        asked
            .admin(
                "POST",
                "/sandbox/users",
                "{\"user_name\":\"eve@sandbox.test\",\"denied\":[\"write-traces\"]}")
            .expect(200)
            .json();
    String token = made.path("token").asText();
    assertThat(asked.ask(token, "GET", ME, null).expect(200).json().path("userName").asText())
        .isEqualTo("eve@sandbox.test");
    String tags = "/api/4.0/mlflow/traces/main.traces.ucode/" + "0".repeat(31) + "1/tags";
    asked.ask(token, "PATCH", tags, Json.parse("{\"key\":\"k\",\"value\":\"v\"}")).expect(403);
    asked.admin("POST", "/sandbox/users", "{\"user_name\":\"eve@sandbox.test\"}").expect(200);
    asked.ask(token, "PATCH", tags, Json.parse("{\"key\":\"k\",\"value\":\"v\"}")).expect(200);
    asked.admin("POST", "/sandbox/users", "{\"user_name\":\"a\",\"denied\":[\"fly\"]}").expect(400);
  }

  @Test
  void dataTokensAndAddressOutliveARestart() throws Exception {
    Export.send(
            asked, Export.span("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "", "root"))
        .expect(200);
    String token = asked.sandbox().token();
    var url = asked.sandbox().url();
    asked.close();
    asked = Asked.start(folder.resolve("data"));
    assertThat(asked.sandbox().token()).isEqualTo(token);
    assertThat(asked.sandbox().url()).isEqualTo(url);
    asked.get(ME).expect(200);
    assertThat(asked.column("SELECT name FROM \"" + Export.TABLE + "\"")).containsExactly("root");
  }

  @Test
  void statusCountsRows() throws Exception {
    Export.send(
            asked, Export.span("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "", "root"))
        .expect(200);
    JsonNode status = asked.admin("GET", "/sandbox/status", null).expect(200).json();
    assertThat(status.path("state").asText()).isEqualTo("provisioned");
    assertThat(Json.write(status.path("tables")))
        .contains("{\"name\":\"main.traces.ucode_otel_spans\",\"rows\":1}")
        .doesNotContain("trace_unified");
  }
}
