package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Talks to a running sandbox's own endpoints. */
final class AdminClient {
  private static final int TIMEOUT_MS = 10_000;
  private final URI url;
  private final String token;

  AdminClient(URI url, String token) {
    this.url = url;
    this.token = token;
  }

  JsonNode get(String path) throws IOException {
    return call("GET", path, null);
  }

  JsonNode post(String path, JsonNode body) throws IOException {
    return call("POST", path, body);
  }

  void delete(String path) throws IOException {
    call("DELETE", path, null);
  }

  /**
   * @throws Failure with the server's message where it refuses
   */
  private JsonNode call(String method, String path, @Nullable JsonNode body) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) url.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setRequestProperty("Authorization", "Bearer " + token);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(Json.write(body).getBytes(StandardCharsets.UTF_8));
      }
    }
    boolean ok = connection.getResponseCode() < 300;
    try (InputStream in = ok ? connection.getInputStream() : connection.getErrorStream()) {
      JsonNode answer = Json.parse(in == null ? new byte[0] : in.readAllBytes());
      if (!ok) {
        throw new Failure(
            Json.text(answer, "message", "the sandbox answered " + connection.getResponseCode()),
            null);
      }
      return answer;
    }
  }
}
