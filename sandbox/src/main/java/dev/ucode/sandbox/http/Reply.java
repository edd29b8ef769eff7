package dev.ucode.sandbox.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer: a status, headers and a body that is either whole or written while it is made.
 *
 * @param headers beside Content-Type, which the body brings
 */
public record Reply(int status, Map<String, String> headers, Body body) {
  public Reply {
    headers = Map.copyOf(headers);
  }

  /** What follows the headers. */
  public sealed interface Body {
    /** The value of the Content-Type header. */
    String contentType();

    /** A body known before the answer begins. */
    final class Whole implements Body {
      private final String contentType;
      private final byte[] bytes;

      Whole(String contentType, byte[] bytes) {
        this.contentType = contentType;
        this.bytes = bytes;
      }

      @Override
      public String contentType() {
        return contentType;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    /** A body sent in chunks as it comes. */
    record Streamed(String contentType, Writer writer) implements Body {}

    /** A body that breaks off: this text arrives, then the connection closes before its end. */
    record Broken(String contentType, String text) implements Body {}
  }

  /** Writes a streamed body. Every flush of the stream sends what was written so far. */
  @FunctionalInterface
  public interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** 200 with a JSON body. */
  public static Reply json(JsonNode body) {
    return json(200, body);
  }

  /** A JSON body. */
  public static Reply json(int status, JsonNode body) {
    return bytes(status, "application/json", Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with the empty object, the platform's "done". */
  public static Reply done() {
    return json(Json.object());
  }

  /** A body of any type. */
  public static Reply bytes(int status, String contentType, byte[] bytes) {
    return new Reply(status, Map.of(), new Body.Whole(contentType, bytes));
  }

  /** A body written while it is made, for example {@code text/event-stream}. */
  public static Reply stream(int status, String contentType, Writer writer) {
    return new Reply(status, Map.of(), new Body.Streamed(contentType, writer));
  }

  /** The same answer with one more header. */
  public Reply header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
