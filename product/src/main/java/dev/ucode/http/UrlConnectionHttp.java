package dev.ucode.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;

/**
 * {@link Http} on {@link HttpURLConnection}, the client that costs least in a fresh process
 * (docs/decisions). It repeats a failed POST by itself unless told not to, which would double what
 * an append-only server has taken: the launcher sets {@code -Dsun.net.http.retryPost=false} and so
 * does this class before its first use.
 */
public final class UrlConnectionHttp implements Http {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MAX_BODY = 64 << 20;

  static {
    System.setProperty("sun.net.http.retryPost", "false");
    // Authentication is the caller's: without this, a 401 makes the client look for credentials.
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private final String userAgent;

  /**
   * @param userAgent sent with each request that has none of its own
   */
  public UrlConnectionHttp(String userAgent) {
    this.userAgent = userAgent;
  }

  @Override
  public Reply send(Call call, Deadline deadline) throws HttpFailure {
    if (call.method().equals("PATCH")) {
      return ClientHttp.send(call, deadline, userAgent);
    }
    boolean sent = false;
    Thread watch = null;
    try {
      HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(millis(deadline.atMost(CONNECT)));
      connection.setReadTimeout(millis(deadline));
      connection.setRequestMethod(call.method());
      connection.setRequestProperty("User-Agent", userAgent);
      call.headers().forEach(connection::setRequestProperty);
      if (call.body().length > 0) {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(call.body().length);
      }
      connection.connect();
      sent = true;
      watch = watch(connection, deadline);
      if (call.body().length > 0) {
        try (OutputStream out = connection.getOutputStream()) {
          out.write(call.body());
        }
      }
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("not an HTTP answer");
      }
      Map<String, String> headers = new HashMap<>();
      for (Map.Entry<String, List<String>> header : connection.getHeaderFields().entrySet()) {
        if (header.getKey() != null) {
          headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue().getLast());
        }
      }
      return new Reply(status, headers, body(connection, status, deadline));
    } catch (IOException e) {
      throw failure(call, deadline.passed() ? late(e) : e, sent);
    } finally {
      if (watch != null) {
        watch.interrupt();
      }
    }
  }

  /**
   * A read time-out counts from one byte to the next, so a server that drips could hold a request
   * for hours. This ends it a moment after its deadline.
   */
  private static Thread watch(HttpURLConnection connection, Deadline deadline) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                Thread.sleep(deadline.left().plusMillis(50));
                connection.disconnect();
              } catch (InterruptedException e) {
                // The answer is there.
              }
            });
  }

  static IOException late(Exception cause) {
    IOException late = new SocketTimeoutException("the answer took too long");
    late.initCause(cause);
    return late;
  }

  private static byte[] body(HttpURLConnection connection, int status, Deadline deadline)
      throws IOException {
    InputStream raw = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (raw == null) {
      return new byte[0];
    }
    try (raw) {
      byte[] body = raw.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new IOException("the answer is longer than " + (MAX_BODY >> 20) + " MB");
      }
      if (deadline.passed()) {
        throw new SocketTimeoutException("the answer took too long");
      }
      String length = connection.getHeaderField("Content-Length");
      if (length != null && Long.parseLong(length.strip()) != body.length) {
        throw new IOException("the answer ended after " + body.length + " of " + length + " bytes");
      }
      return body;
    } catch (NumberFormatException e) {
      throw new IOException("the answer has no readable length", e);
    }
  }

  static HttpFailure failure(Call call, IOException e, boolean sent) {
    boolean certain =
        !sent
            || e instanceof ConnectException
            || e instanceof NoRouteToHostException
            || e instanceof UnknownHostException
            || e instanceof SSLHandshakeException;
    String what =
        switch (e) {
          case UnknownHostException u -> "cannot find " + call.uri().getHost();
          case ConnectException c -> "cannot connect to " + call.uri().getAuthority();
          case SSLHandshakeException s ->
              "no trusted TLS connection to " + call.uri().getHost() + ": " + s.getMessage();
          case SocketTimeoutException t -> "no answer in time from " + call.uri().getAuthority();
          default -> "connection to " + call.uri().getAuthority() + " broke: " + e.getMessage();
        };
    return new HttpFailure(
        certain ? HttpFailure.Kind.NOT_SENT : HttpFailure.Kind.UNKNOWN_OUTCOME, what, e);
  }

  private static int millis(Deadline deadline) {
    return Math.clamp(deadline.left().toMillis(), 1, Integer.MAX_VALUE);
  }
}
