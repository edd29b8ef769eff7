package dev.ucode.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request.
 *
 * @param headers may hold secrets: never printed
 * @param body empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes for one use; nobody compares calls
public record Call(String method, URI uri, Map<String, String> headers, byte[] body) {
  private static final byte[] NONE = {};

  public Call {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public static Call get(URI uri) {
    return new Call("GET", uri, Map.of("Accept", "application/json"), NONE);
  }

  public static Call json(String method, URI uri, String body) {
    return new Call(
        method,
        uri,
        Map.of("Accept", "application/json", "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  public Call with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Call(method, uri, more, body);
  }

  /** With {@code Authorization: Bearer …}. */
  public Call bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}
