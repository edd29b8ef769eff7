package dev.ucode.sandbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Sandbox;
import dev.ucode.sandbox.http.CallRecord;
import dev.ucode.sandbox.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayRoutesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private Sandbox sandbox;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    sandbox = Sandbox.start(folder, 0, InstantSource.system());
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    sandbox.close();
  }

  @Test
  void aMessageComesWholeAndWhatWasAskedIsRecorded() throws Exception {
    HttpResponse<String> answer =
        send(
            messages("?beta=true", new RequestBuilder().claudeTools().user("SCN:tools please"))
                .header("X-Claude-Code-Session-Id", "s-1")
                .header("User-Agent", "claude-cli/2.1.330")
                .header("anthropic-beta", "some-beta-2026-01-01"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("request-id")).isPresent();
    JsonNode message = Json.parse(answer.body());
    assertThat(message.path("model").asText()).isEqualTo(RequestBuilder.MODEL);
    assertThat(message.path("content").get(1).path("name").asText()).isEqualTo("Bash");
    CallRecord call = sandbox.calls().find(c -> c.path().endsWith("/messages")).getFirst();
    assertThat(call.notes())
        .containsEntry("model", RequestBuilder.MODEL)
        .containsEntry("stream", "false")
        .containsEntry("messages", "1")
        .containsEntry("tools", "Agent,Bash,Edit,Write")
        .containsEntry("scenario", "tools")
        .containsEntry("step", "0")
        .containsEntry("answer", "tool_use");
    assertThat(call.headers().get("x-claude-code-session-id")).containsExactly("s-1");
    assertThat(call.headers().get("user-agent")).containsExactly("claude-cli/2.1.330");
  }

  @Test
  void aStreamEndsWithMessageStop() throws Exception {
    HttpResponse<String> answer =
        send(messages("", new RequestBuilder().user("SCN:simple").streamed()));

    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(answer.body().lines().filter(line -> line.startsWith("event: ")).toList())
        .startsWith("event: message_start", "event: ping", "event: content_block_start")
        .endsWith("event: content_block_stop", "event: message_delta", "event: message_stop");
  }

  @Test
  void aSlowStreamArrivesPieceByPieceAndMayBeLeft() throws Exception {
    HttpResponse<InputStream> answer =
        http.send(
            messages("", new RequestBuilder().user("SCN:slow").streamed()).build(),
            BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      int words = 0;
      while (words < 3) {
        String line = lines.readLine();
        assertThat(line).isNotNull();
        assertThat(line).doesNotContain("message_stop");
        words += line.startsWith("data: ") && line.contains("text_delta") ? 1 : 0;
      }
    }
    // The whole would take two minutes; leaving it ends the call soon.
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (sandbox.calls().find(call -> true).isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aCutStreamIsACutConnectionAndAnswersWhenAskedWithoutStreaming() throws Exception {
    assertThatThrownBy(() -> send(messages("", new RequestBuilder().user("SCN:cut").streamed())))
        .isInstanceOf(IOException.class);
    assertThat(send(messages("", new RequestBuilder().user("SCN:cut"))).body())
        .contains("This connection is cut");
  }

  @Test
  void errorsHaveTheApisShape() throws Exception {
    HttpResponse<String> limited = send(messages("", new RequestBuilder().user("SCN:err429")));
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("retry-after")).contains("1");
    JsonNode body = Json.parse(limited.body());
    assertThat(body.path("type").asText()).isEqualTo("error");
    assertThat(body.path("error").path("type").asText()).isEqualTo("rate_limit_error");

    HttpRequest.Builder noModel = post("/v1/messages", "{\"messages\":[]}");
    assertThat(send(noModel).statusCode()).isEqualTo(400);
    assertThat(send(noModel).body()).contains("invalid_request_error");

    RequestBuilder unknown = new RequestBuilder().user("hello");
    unknown.body().put("model", "claude-opus-99");
    HttpResponse<String> refused = send(messages("", unknown));
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("claude-opus-99").contains("databricks-claude-opus-4-8");
  }

  @Test
  void withoutAValidTokenNothingIsServed() throws Exception {
    for (String path : List.of("/v1/messages", "/v1/messages/count_tokens")) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri(path))
              .header("Authorization", "Bearer wrong")
              .POST(HttpRequest.BodyPublishers.ofString("{}"));
      assertThat(send(request).statusCode()).isEqualTo(401);
    }
    assertThat(send(HttpRequest.newBuilder(uri("/v1/models"))).statusCode()).isEqualTo(401);
    assertThat(send(HttpRequest.newBuilder(uri("")).HEAD()).statusCode()).isEqualTo(200);
  }

  @Test
  void tokensAreCountedAndModelsListed() throws Exception {
    HttpResponse<String> counted =
        send(
            post(
                "/v1/messages/count_tokens",
                Json.write(new RequestBuilder().user("x".repeat(4000)).body())));
    assertThat(Json.parse(counted.body()).path("input_tokens").asInt()).isBetween(1000, 1100);

    JsonNode models = Json.parse(send(authorized("/v1/models")).body());
    assertThat(models.path("data")).hasSize(ModelCatalog.ids().size());
    assertThat(models.path("data").findValuesAsText("id"))
        .contains("databricks-claude-opus-4-8", "system.ai.claude-sonnet-5");
  }

  private HttpRequest.Builder messages(String query, RequestBuilder body) {
    return post("/v1/messages" + query, Json.write(body.body()));
  }

  private HttpRequest.Builder post(String path, String body) {
    return authorized(path).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder authorized(String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(DEADLINE)
        .header("Authorization", "Bearer " + sandbox.token());
  }

  private URI uri(String path) {
    return sandbox.url().resolve("/ai-gateway/anthropic" + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
