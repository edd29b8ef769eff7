package dev.ucode.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path home;

  private record Ran(int code, String out, String err) {
    Ran expect(int wanted) {
      assertThat(code).as("out: %s err: %s", out, err).isEqualTo(wanted);
      return this;
    }

    JsonNode json() {
      return Json.parse(out);
    }
  }

  @AfterEach
  void stopAll() {
    run("stop");
    run("stop", "--name", "other");
  }

  @Test
  void theWholeLifeOfASandbox() throws Exception {
    Ran started = run("start").expect(0);
    assertThat(started.out())
        .startsWith("Sandbox 'default' runs at http://127.0.0.1:")
        .contains("  token  dapi", "eval \"$(ucode sandbox env)\"", "ucode sandbox stop");
    Map<String, String> env = env("env");
    assertThat(env)
        .containsOnlyKeys("DATABRICKS_HOST", "DATABRICKS_TOKEN", "UCODE_SANDBOX_ADMIN_TOKEN");
    assertThat(started.out()).contains(env.get("DATABRICKS_HOST"));
    assertThat(me(env)).isEqualTo(200);

    assertThat(run("start").expect(0).out()).startsWith("Sandbox 'default' runs already");
    assertThat(run("start", "--state", "no-warehouse").expect(0).err())
        .contains("keeps its data, which began as provisioned");

    run("fault", "add", "status", "*/Me", "--status", "503", "--times", "1").expect(0);
    assertThat(me(env)).isEqualTo(503);
    assertThat(me(env)).isEqualTo(200);
    assertThat(run("fault", "list").expect(0).out()).contains("status", "*/Me", "struck 1 of 1");
    run("fault", "clear").expect(0);
    assertThat(run("fault", "list").expect(0).out()).isEqualTo("No fault is on.\n");
    assertThat(run("requests", "--path", "/Me").expect(0).out().lines().toList())
        .hasSize(3)
        .allMatch(line -> line.contains("GET    /api/2.0/preview/scim/v2/Me"));

    JsonNode status = run("status", "--json").expect(0).json().path("sandboxes").get(0);
    assertThat(status.path("running").asBoolean()).isTrue();
    assertThat(status.path("url").asText()).isEqualTo(env.get("DATABRICKS_HOST"));

    run("reset", "--state", "no-experiment").expect(0);
    assertThat(me(env)).isEqualTo(200);
    assertThat(run("stop").expect(0).out()).isEqualTo("Sandbox 'default' is stopped.\n");
    assertThat(run("stop").expect(0).out()).contains("is not running");
    assertThat(run("status").expect(0).out()).startsWith("Sandbox 'default' is stopped");
    run("start").expect(0);
    assertThat(env("env")).isEqualTo(env);
    assertThat(run("status").expect(0).out()).contains("  state    no-experiment");
  }

  @Test
  void severalAtOnceByNameAndAsJson() throws Exception {
    JsonNode one = run("start", "--json").expect(0).json();
    JsonNode two =
        run("start", "--name", "other", "--state", "no-warehouse", "--json").expect(0).json();
    assertThat(one.path("url")).isNotEqualTo(two.path("url"));
    assertThat(one.path("token")).isNotEqualTo(two.path("token"));
    assertThat(run("status", "--json").expect(0).json().path("sandboxes").findValuesAsText("state"))
        .containsExactly("provisioned", "no-warehouse");
    assertThat(env("env", "--name", "other").get("DATABRICKS_HOST"))
        .isEqualTo(two.path("url").asText());
    assertThat(env("env", "--as", "principal"))
        .containsEntry("DATABRICKS_CLIENT_ID", one.path("client_id").asText())
        .doesNotContainKey("DATABRICKS_TOKEN");
    assertThat(env("env", "--as", "stranger"))
        .containsEntry("DATABRICKS_TOKEN", one.path("stranger_token").asText());
  }

  @Test
  void aServerThatWasKilledIsNotRunning() throws Exception {
    JsonNode started = run("start", "--json").expect(0).json();
    ProcessHandle process = ProcessHandle.of(started.path("pid").asLong()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    Ran env = run("env").expect(1);
    assertThat(env.err())
        .isEqualTo("ucode: sandbox 'default' is not running\n  fix: ucode sandbox start\n");
    assertThat(run("reset").expect(0).out()).contains("is as new: provisioned");
    run("start").expect(0);
    assertThat(me(env("env"))).isEqualTo(200);
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ran start = run("start", "--port", Integer.toString(taken.getLocalPort())).expect(1);
      assertThat(start.err())
          .contains("the sandbox did not start", "port " + taken.getLocalPort(), "see ");
    }
  }

  @Test
  void wrongUsageIsToldApartFromFailure() {
    assertThat(run("start", "--colour").expect(2).err()).contains("--colour");
    assertThat(run("dance").expect(2).err()).contains("dance");
    assertThat(run("start", "--state", "nowhere").expect(1).err())
        .contains("No state is named 'nowhere'", "lookalike-names");
    assertThat(run("start", "--name", "../x").expect(1).err()).contains("cannot be the name");
    assertThat(run("fault", "add", "status", "*").expect(1).err()).contains("is not running");
    assertThat(run("reset").expect(1).err()).contains("does not exist");
    assertThat(run("status").expect(0).out()).contains("There is no sandbox yet");
  }

  @Test
  void helpHasExamplesAndNamesEveryState() {
    for (List<String> words :
        List.of(
            List.<String>of(),
            List.of("--help"),
            List.of("start", "--help"),
            List.of("stop", "--help"),
            List.of("status", "--help"),
            List.of("reset", "--help"),
            List.of("env", "--help"),
            List.of("fault", "--help"),
            List.of("requests", "--help"))) {
      String out = run(words.toArray(new String[0])).expect(0).out();
      assertThat(out).startsWith("Usage: ucode sandbox").contains("Examples:\n  ");
      assertThat(out).as("no colour without a terminal").doesNotContain("\u001b");
    }
    String start = run("start", "--help").out();
    for (StartingState state : StartingState.values()) {
      assertThat(start).contains(state.word());
    }
  }

  private Map<String, String> env(String... words) {
    Map<String, String> variables = new TreeMap<>();
    for (String line : run(words).expect(0).out().lines().toList()) {
      assertThat(line).matches("export [A-Z_]+='[^']+'");
      int equals = line.indexOf('=');
      variables.put(
          line.substring("export ".length(), equals),
          line.substring(equals + 2, line.length() - 1));
    }
    return variables;
  }

  private static int me(Map<String, String> env) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create(env.get("DATABRICKS_HOST") + "/api/2.0/preview/scim/v2/Me"))
                  .header("Authorization", "Bearer " + env.get("DATABRICKS_TOKEN"))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private Ran run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(Files.isDirectory(home)).isTrue();
    int code =
        Main.run(
            Map.of("UCODE_SANDBOX_HOME", home.toString()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            words);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
