package dev.ucode.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlConnectionHttpTest {
  private final Http http = new UrlConnectionHttp("ucode/test");
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH", "DELETE", "PUT"})
  void sendsMethodHeadersAndBody(String method) throws Exception {
    answer(
        "/x",
        200,
        exchange ->
            exchange.getRequestMethod()
                + " "
                + exchange.getRequestHeaders().getFirst("Authorization")
                + " "
                + exchange.getRequestHeaders().getFirst("User-Agent")
                + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Call call =
        method.equals("GET")
            ? Call.get(at("/x")).bearer("t")
            : Call.json(method, at("/x"), "{}").bearer("t");
    Reply reply = http.send(call, soon());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .isEqualTo(method + " Bearer t ucode/test " + (method.equals("GET") ? "" : "{}"));
  }

  @Test
  void anErrorAnswerIsAnAnswer() throws Exception {
    answer("/x", 403, e -> "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\\n MODIFY\"}");
    Reply reply = http.send(Call.get(at("/x")), soon());
    assertThat(reply.ok()).isFalse();
    assertThat(reply.errorCode()).isEqualTo("PERMISSION_DENIED");
    assertThat(reply.summary()).isEqualTo("HTTP 403: PERMISSION_DENIED no MODIFY");
  }

  @Test
  void aRedirectIsAnAnswerAndTheTokenStaysHere() throws Exception {
    server.createContext(
        "/x",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/login");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    Reply reply = http.send(Call.get(at("/x")).bearer("t"), soon());
    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.header("LOCATION")).isEqualTo("http://127.0.0.1:1/login");
  }

  @Test
  void aRefusedConnectionCertainlyDidNothing() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThatThrownBy(() -> http.send(Call.get(URI.create("http://127.0.0.1:" + free)), soon()))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.NOT_SENT));
  }

  @Test
  void aSilentServerLeavesTheOutcomeUnknown() {
    CountDownLatch release = new CountDownLatch(1);
    answer(
        "/x",
        200,
        e -> {
          awaitQuietly(release);
          return "late";
        });
    try {
      assertThatThrownBy(
              () ->
                  http.send(Call.json("POST", at("/x"), "{}"), Deadline.in(Duration.ofMillis(200))))
          .isInstanceOfSatisfying(
              HttpFailure.class,
              e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNKNOWN_OUTCOME));
    } finally {
      release.countDown();
    }
  }

  @Test
  void aPostCutWithoutAnAnswerIsSentOnce() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> readAndCut(socket, requests));
      URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");
      assertThatThrownBy(() -> http.send(Call.json("POST", uri, "{\"a\":1}"), soon()))
          .isInstanceOfSatisfying(
              HttpFailure.class,
              e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNKNOWN_OUTCOME));
    }
    assertThat(requests).hasValue(1);
  }

  @Test
  void halfAnAnswerIsNotAnAnswer() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket one = socket.accept()) {
                  readHead(one.getInputStream());
                  one.getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\""
                              .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // The assertion below tells.
                }
              });
      URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");
      assertThatThrownBy(() -> http.send(Call.get(uri), soon())).isInstanceOf(HttpFailure.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PATCH"})
  void aServerThatDripsIsLeftAtTheDeadline(String method) throws Exception {
    for (String head : List.of("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 2")) {
      try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
        Thread.ofVirtual().start(() -> drip(socket, head));
        URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");
        Call call = method.equals("GET") ? Call.get(uri) : Call.json(method, uri, "{}");
        long start = System.nanoTime();
        assertThatThrownBy(() -> http.send(call, Deadline.in(Duration.ofMillis(300))))
            .isInstanceOfSatisfying(
                HttpFailure.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNKNOWN_OUTCOME);
                  assertThat(e).hasMessageContaining("no answer in time");
                });
        // The server would go on for hours; the margin is for a busy machine.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      }
    }
  }

  @Test
  void aSignInPageIsToldFromAnAnswer() throws Exception {
    server.createContext(
        "/login",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    answer("/api", 200, e -> "{}");
    assertThat(http.send(Call.get(at("/login")), soon()).isSignInPage()).isTrue();
    assertThat(http.send(Call.get(at("/api")), soon()).isSignInPage()).isFalse();
  }

  @Test
  void retryAfterIsReadInSeconds() throws Exception {
    server.createContext(
        "/x",
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "7");
          exchange.sendResponseHeaders(429, -1);
          exchange.close();
        });
    assertThat(http.send(Call.get(at("/x")), soon()).retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  private interface Body {
    String of(com.sun.net.httpserver.HttpExchange exchange) throws IOException;
  }

  private void answer(String path, int status, Body body) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = body.of(exchange).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static void readAndCut(ServerSocket socket, AtomicInteger requests) {
    while (!socket.isClosed()) {
      try (Socket one = socket.accept()) {
        readHead(one.getInputStream());
        requests.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }

  /** The head at once, then one byte after the other for as long as somebody listens. */
  private static void drip(ServerSocket socket, String head) {
    try (Socket one = socket.accept()) {
      readHead(one.getInputStream());
      one.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        one.getOutputStream().write(' ');
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException e) {
      // The client has left.
    }
  }

  private static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }
}
