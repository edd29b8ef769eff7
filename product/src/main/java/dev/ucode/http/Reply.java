package dev.ucode.http;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered, whatever the status.
 *
 * @param headers by lower-case name; of repeated ones the last
 */
@SuppressWarnings("ArrayRecordComponent") // bytes for one use; nobody compares replies
public record Reply(int status, Map<String, String> headers, byte[] body) {
  public boolean ok() {
    return status >= 200 && status < 300;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as JSON, or null where it is not. */
  public @Nullable Json json() {
    try {
      return JsonReader.parse(body);
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** {@code Retry-After} in seconds, where the server sent one as a number. */
  public @Nullable Duration retryAfter() {
    String value = header("retry-after");
    if (value == null || !value.strip().matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(value.strip()));
  }

  /**
   * Whether a front door answered in place of the API: a redirect, or a page for people. Nobody
   * behind it has seen the request.
   */
  public boolean isSignInPage() {
    if (status >= 300 && status < 400) {
      return true;
    }
    String type = header("content-type");
    return ok() && type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /** Databricks' {@code error_code}, or null. */
  public @Nullable String errorCode() {
    Json json = json();
    return json == null ? null : json.text("error_code");
  }

  /** One line for people: status, error code and message, cut to 200 characters. */
  public String summary() {
    Json json = json();
    String code = json == null ? null : json.text("error_code");
    String message = json == null ? null : json.text("message");
    String detail = code != null || message != null ? join(code, message) : text().strip();
    detail = detail.replaceAll("\\s+", " ");
    if (detail.length() > 200) {
      detail = detail.substring(0, 200) + "…";
    }
    return "HTTP " + status + (detail.isEmpty() ? "" : ": " + detail);
  }

  private static String join(@Nullable String code, @Nullable String message) {
    return code == null ? String.valueOf(message) : message == null ? code : code + " " + message;
  }
}
