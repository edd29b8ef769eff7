package dev.ucode.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The rare methods that {@link java.net.HttpURLConnection} does not know (PATCH), on the JDK's
 * newer client, which costs five times as much in a fresh process and is loaded for them alone.
 */
final class ClientHttp {
  private ClientHttp() {}

  static Reply send(Call call, Deadline deadline, String userAgent) throws HttpFailure {
    Duration left = deadline.left().plusMillis(1);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .timeout(left)
            .header("User-Agent", userAgent)
            .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
    call.headers().forEach(request::setHeader);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(left)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    try {
      // The request's own timeout ends with the head of the answer; this one with its last byte.
      HttpResponse<byte[]> answer =
          client
              .sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
              .get(left.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, String> headers = new HashMap<>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getLast()));
      return new Reply(answer.statusCode(), headers, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UrlConnectionHttp.failure(call, new IOException("interrupted", e), true);
    } catch (TimeoutException e) {
      throw UrlConnectionHttp.failure(call, UrlConnectionHttp.late(e), true);
    } catch (ExecutionException e) {
      IOException cause =
          switch (e.getCause()) {
            case HttpTimeoutException late -> UrlConnectionHttp.late(late);
            case IOException io -> io;
            case null, default -> new IOException(String.valueOf(e.getMessage()), e);
          };
      throw UrlConnectionHttp.failure(call, cause, true);
    } finally {
      client.shutdownNow(); // close() would wait for an answer that drips in for ever
    }
  }
}
