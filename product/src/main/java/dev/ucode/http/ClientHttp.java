package dev.ucode.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

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
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(left)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, String> headers = new HashMap<>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getLast()));
      return new Reply(answer.statusCode(), headers, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UrlConnectionHttp.failure(call, new IOException("interrupted", e), true);
    } catch (IOException e) {
      throw UrlConnectionHttp.failure(call, e, true);
    }
  }
}
