package dev.ucode.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server, on loopback only. Every request goes the same way: read whole, matched, mishap
 * asked for, caller authenticated, handled, answered, logged.
 */
public final class Server implements AutoCloseable {
  /** The workspace's id; every answer carries it. */
  public static final String WORKSPACE_ID = "7474656400000001";

  /** Larger requests are refused with 413. */
  private static final int MAX_BODY_BYTES = 64 << 20;

  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "x-api-key", "cookie", "proxy-authorization");

  private static final System.Logger LOG = System.getLogger(Server.class.getName());

  static {
    // Without it small answers on a kept connection wait 40 ms for the client's delayed ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Router router;
  private final Authenticator authenticator;
  private final Mishaps mishaps;
  private final CallLog log;
  private final InstantSource clock;

  private Server(
      HttpServer http,
      Router router,
      Authenticator authenticator,
      Mishaps mishaps,
      CallLog log,
      InstantSource clock) {
    this.http = http;
    this.router = router;
    this.authenticator = authenticator;
    this.mishaps = mishaps;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Binds and starts answering.
   *
   * @param port 0 lets the system choose
   * @throws IOException where the port is taken
   */
  public static Server start(
      int port,
      Router router,
      Authenticator authenticator,
      Mishaps mishaps,
      CallLog log,
      InstantSource clock)
      throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 128);
    Server server = new Server(http, router, authenticator, mishaps, log, clock);
    http.createContext("/", server::exchange);
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /** Where it listens, for example {@code http://127.0.0.1:41234}, without a final slash. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void exchange(HttpExchange exchange) {
    Call call = new Call(exchange, clock, log);
    // The call is logged before the exchange closes, so that nobody sees an answer that is not in
    // the log yet.
    try (exchange;
        call) {
      serve(call);
    } catch (IOException clientGone) {
      LOG.log(System.Logger.Level.DEBUG, "the client left before the answer was complete");
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Call call) throws IOException, InterruptedException {
    Request request;
    Route route;
    try {
      request = read(call);
      call.request = request;
      Router.Match match = router.match(request.method(), request.path());
      route = match.route();
      request.matched(match.parameters());
    } catch (ApiException refused) {
      call.send(refused.reply(), false);
      return;
    }
    Mishap mishap = route.access() == Access.ADMIN ? null : mishaps.next(request);
    call.mishap = mishap;
    switch (mishap) {
      case null -> call.send(answer(route, request), false);
      case Mishap.Answered(Reply reply) -> call.send(reply, false);
      case Mishap.Delayed(Duration by, boolean afterCommit) -> {
        Reply early = afterCommit ? answer(route, request) : null;
        Thread.sleep(by);
        call.send(early != null ? early : answer(route, request), false);
      }
      case Mishap.Cut(boolean afterCommit) -> {
        if (afterCommit) {
          finish(answer(route, request));
        }
      }
      case Mishap.CommittedLate(Duration after, Reply reply) -> {
        threads.execute(() -> commitLater(route, request, after));
        if (reply != null) {
          call.send(reply, false);
        }
      }
      case Mishap.ShownLate(Duration after) -> {
        request.visibleAfter(after);
        call.send(answer(route, request), false);
      }
      case Mishap.PartlyRefused(int rows) -> {
        request.rowsToReject(rows);
        call.send(answer(route, request), false);
      }
      case Mishap.Halved _ -> call.send(answer(route, request), true);
    }
  }

  private void commitLater(Route route, Request request, Duration after) {
    try {
      Thread.sleep(after);
      finish(answer(route, request));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a late answer could not be finished", e);
    }
  }

  /** Runs a streamed body to its end where nobody listens: the handler's work is in it. */
  private static void finish(Reply reply) throws IOException, InterruptedException {
    if (reply.body() instanceof Reply.Body.Streamed streamed) {
      streamed.writer().write(OutputStream.nullOutputStream());
    }
  }

  private Reply answer(Route route, Request request) {
    try {
      authenticate(route, request);
      return route.handler().handle(request);
    } catch (ApiException refused) {
      return refused.reply();
    } catch (Exception bug) {
      LOG.log(System.Logger.Level.ERROR, request.method() + " " + request.path(), bug);
      return new ApiException(
              500, "INTERNAL_ERROR", "The sandbox failed on this request; see its log.")
          .reply();
    }
  }

  private void authenticate(Route route, Request request) {
    if (route.access() == Access.OPEN) {
      return;
    }
    String header = request.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw ApiException.unauthenticated(
          "Credential was not sent or was of an unsupported type for this API.");
    }
    String bearer = header.substring(7).strip();
    if (route.access() == Access.USER) {
      request.authenticated(authenticator.user(bearer));
    } else if (!authenticator.isAdmin(bearer)) {
      throw ApiException.denied("This needs the sandbox's admin token.");
    }
  }

  private static Request read(Call call) throws IOException {
    HttpExchange exchange = call.exchange;
    Map<String, List<String>> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(MAX_BODY_BYTES + 1);
      if (body.length > MAX_BODY_BYTES) {
        throw new ApiException(
            413,
            "REQUEST_LIMIT_EXCEEDED",
            "The request is larger than " + MAX_BODY_BYTES + " bytes");
      }
    }
    URI uri = exchange.getRequestURI();
    return new Request(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        uri.getRawQuery(),
        headers,
        body,
        call.received);
  }

  /** One exchange and what became of it. */
  private static final class Call implements AutoCloseable {
    final HttpExchange exchange;
    final Instant received;
    private final InstantSource clock;
    private final CallLog log;
    private boolean logged;
    @Nullable Request request;
    @Nullable Mishap mishap;
    int status;

    Call(HttpExchange exchange, InstantSource clock, CallLog log) {
      this.exchange = exchange;
      this.received = clock.instant();
      this.clock = clock;
      this.log = log;
    }

    /** Logs the call, once. */
    @Override
    public void close() {
      if (!logged) {
        logged = true;
        log.add(record(Duration.between(received, clock.instant())));
      }
    }

    void send(Reply reply, boolean half) throws IOException, InterruptedException {
      var headers = exchange.getResponseHeaders();
      headers.set("X-Databricks-Org-Id", WORKSPACE_ID);
      headers.set("X-Request-Id", UUID.randomUUID().toString());
      reply.headers().forEach(headers::set);
      headers.set("Content-Type", reply.body().contentType());
      switch (reply.body()) {
        case Reply.Body.Whole whole -> sendWhole(reply.status(), whole.bytes(), half);
        case Reply.Body.Broken broken -> {
          // One byte more is announced than sent, so the exchange cannot end properly.
          byte[] bytes = broken.text().getBytes(StandardCharsets.UTF_8);
          start(reply.status(), bytes.length + 1L);
          OutputStream out = exchange.getResponseBody();
          out.write(bytes);
          out.flush();
        }
        case Reply.Body.Streamed streamed when half -> {
          // With a length: closing a chunked body early would end it properly.
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          streamed.writer().write(all);
          sendWhole(reply.status(), all.toByteArray(), true);
        }
        case Reply.Body.Streamed streamed -> {
          start(reply.status(), 0);
          OutputStream out = exchange.getResponseBody();
          streamed.writer().write(out);
          close();
          out.close();
        }
      }
    }

    private void sendWhole(int code, byte[] bytes, boolean half) throws IOException {
      status = code;
      close();
      start(code, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, half ? bytes.length / 2 : bytes.length);
        out.flush();
        if (!half) {
          out.close();
        }
      }
    }

    private void start(int code, long length) throws IOException {
      status = code;
      exchange.sendResponseHeaders(code, length);
    }

    CallRecord record(Duration took) {
      Request read = request;
      URI uri = exchange.getRequestURI();
      Map<String, List<String>> headers = new LinkedHashMap<>();
      if (read != null) {
        read.headers()
            .forEach(
                (name, values) ->
                    headers.put(name, SECRET_HEADERS.contains(name) ? masked(values) : values));
      }
      return new CallRecord(
          received,
          exchange.getRequestMethod(),
          uri.getRawPath(),
          uri.getRawQuery(),
          headers,
          read == null ? null : read.callerName(),
          read == null ? 0 : read.body().length,
          status,
          took,
          mishap == null ? null : mishap.getClass().getSimpleName(),
          read == null ? Map.of() : read.notes());
    }

    private static List<String> masked(List<String> values) {
      List<String> masked = new ArrayList<>();
      for (String value : values) {
        int space = value.indexOf(' ');
        masked.add(space > 0 ? value.substring(0, space) + " ***" : "***");
      }
      return masked;
    }
  }
}
