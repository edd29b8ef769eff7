package dev.ucode.sandbox.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {
  private final Router router = new Router();
  private final CallLog log = new CallLog();
  private final AtomicReference<Mishap> mishap = new AtomicReference<>();
  private final AtomicInteger commits = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    router.get(
        "/who/{name}",
        r ->
            Reply.json(
                Json.object()
                    .put("name", r.pathParameter("name"))
                    .put("caller", r.caller().userName())
                    .put("q", r.query("q"))));
    router.post("/who/{id}:link", r -> Reply.json(Json.object().put("id", r.pathParameter("id"))));
    router.get("/who/me", r -> Reply.json(Json.object().put("literal", true)));
    router.add(
        "GET",
        "/files/{rest*}",
        Access.OPEN,
        r ->
            Reply.bytes(
                200, "text/plain", r.pathParameter("rest").getBytes(StandardCharsets.UTF_8)));
    router.post(
        "/commit",
        r -> {
          commits.incrementAndGet();
          return Reply.json(Json.object().put("filler", "x".repeat(1000)));
        });
    router.post("/echo", r -> Reply.json(r.json()));
    router.add("GET", "/admin", Access.ADMIN, r -> Reply.done());
    router.get(
        "/bug",
        r -> {
          throw new IllegalStateException("planted");
        });
    router.get(
        "/stream",
        r ->
            Reply.stream(
                200,
                "text/event-stream",
                out -> {
                  for (int i = 0; i < 3; i++) {
                    out.write(("data: " + i + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                }));
    Authenticator authenticator =
        new Authenticator() {
          @Override
          public Caller user(String bearer) {
            if (!bearer.equals("good")) {
              throw ApiException.unauthenticated("Invalid access token.");
            }
            return new Caller("1", "dev@sandbox.test", Set.of());
          }

          @Override
          public boolean isAdmin(String bearer) {
            return bearer.equals("root");
          }
        };
    server = Server.start(0, router, authenticator, r -> mishap.get(), log, InstantSource.system());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void routesByPatternAndDecodesParameters() throws Exception {
    assertThat(get("/who/a%2Fb+c?q=x%20y+z").body())
        .isEqualTo("{\"name\":\"a/b+c\",\"caller\":\"dev@sandbox.test\",\"q\":\"x y z\"}");
    assertThat(get("/who/me").body()).isEqualTo("{\"literal\":true}");
    assertThat(get("/files/a/b%20c").body()).isEqualTo("a/b c");
    assertThat(post("/who/7:link", "").body()).isEqualTo("{\"id\":\"7\"}");
  }

  @Test
  void unknownPathsMethodsAndBodiesAreRefusedInThePlatformsShape() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").body()).contains("\"error_code\":\"ENDPOINT_NOT_FOUND\"");
    assertThat(get("/commit").statusCode()).isEqualTo(405);
    assertThat(post("/echo", "{\"a\":").body()).contains("\"error_code\":\"MALFORMED_REQUEST\"");
    assertThat(post("/echo", "[1]").statusCode()).isEqualTo(400);
    assertThat(get("/bug").statusCode()).isEqualTo(500);
    assertThat(get("/bug").body()).contains("INTERNAL_ERROR").doesNotContain("planted");
  }

  @Test
  void everyApiNeedsAValidToken() throws Exception {
    assertThat(send(request("/who/me")).statusCode()).isEqualTo(401);
    assertThat(send(request("/who/me").header("Authorization", "Bearer bad")).body())
        .isEqualTo("{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"Invalid access token.\"}");
    assertThat(get("/admin").statusCode()).isEqualTo(403);
    assertThat(send(request("/admin").header("Authorization", "Bearer root")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void streamsArriveWhole() throws Exception {
    HttpResponse<String> reply = get("/stream");
    assertThat(reply.body()).isEqualTo("data: 0\n\ndata: 1\n\ndata: 2\n\n");
    assertThat(reply.headers().firstValue("Content-Type")).contains("text/event-stream");
  }

  @Test
  void cutsBeforeAndAfterTheCommit() {
    mishap.set(new Mishap.Cut(false));
    assertThatThrownBy(() -> post("/commit", "")).isInstanceOf(IOException.class);
    assertThat(commits).hasValue(0);
    mishap.set(new Mishap.Cut(true));
    assertThatThrownBy(() -> post("/commit", "")).isInstanceOf(IOException.class);
    assertThat(commits).hasValue(1);
  }

  @Test
  void halfAnAnswerIsAnErrorToTheClient() {
    mishap.set(new Mishap.Halved());
    assertThatThrownBy(() -> post("/commit", "")).isInstanceOf(IOException.class);
    assertThat(commits).hasValue(1);
    assertThatThrownBy(() -> get("/stream")).isInstanceOf(IOException.class);
  }

  @Test
  void aLateCommitFollowsTheAnswer() throws Exception {
    CountDownLatch committed = new CountDownLatch(1);
    router.post(
        "/late",
        r -> {
          committed.countDown();
          return Reply.done();
        });
    mishap.set(
        new Mishap.CommittedLate(
            Duration.ofMillis(300),
            new ApiException(504, "DEADLINE_EXCEEDED", "too slow").reply()));
    assertThat(post("/late", "").statusCode()).isEqualTo(504);
    assertThat(committed.getCount()).isEqualTo(1);
    assertThat(committed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void answeredInPlaceOfTheHandlerAndDelayed() throws Exception {
    mishap.set(
        new Mishap.Answered(
            new ApiException(429, "REQUEST_LIMIT_EXCEEDED", "slow down")
                .reply()
                .header("Retry-After", "7")));
    HttpResponse<String> reply = post("/commit", "");
    assertThat(reply.statusCode()).isEqualTo(429);
    assertThat(reply.headers().firstValue("Retry-After")).contains("7");
    assertThat(commits).hasValue(0);
    mishap.set(new Mishap.Delayed(Duration.ofMillis(200), true));
    long before = System.nanoTime();
    assertThat(post("/commit", "").statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(199));
  }

  @Test
  void theLogKeepsWhatWasAskedWithoutSecrets() throws Exception {
    get("/who/me?x=1");
    CallRecord call = log.find(c -> c.path().equals("/who/me")).getFirst();
    assertThat(call.method()).isEqualTo("GET");
    assertThat(call.query()).isEqualTo("x=1");
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.user()).isEqualTo("dev@sandbox.test");
    assertThat(call.headers().get("authorization")).containsExactly("Bearer ***");
    assertThat(call.headers().get("user-agent")).asString().contains("Java-http-client/");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).header("Authorization", "Bearer good"));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Authorization", "Bearer good")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
