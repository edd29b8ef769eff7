package dev.ucode.sink.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an OTLP server answered: {@code ExportTraceServiceResponse} (opentelemetry-proto, {@code
 * collector/trace/v1/trace_service.proto}).
 *
 * @param rejectedSpans how many of the request's spans were not taken; which ones is not said
 * @param message the server's words, possibly empty, also where nothing was rejected
 */
public record ExportResponse(long rejectedSpans, String message) {
  private static final ExportResponse WHOLE = new ExportResponse(0, "");

  /** Reads an answer; an empty one means everything was taken. Null where it is not protobuf. */
  public static @Nullable ExportResponse parse(byte[] body) {
    return new Reader(body, 0, body.length).response();
  }

  /** A position in a message; every method answers null or -1 where the bytes make no sense. */
  private static final class Reader {
    private final byte[] body;
    private int at;
    private final int end;
    private boolean broken;

    Reader(byte[] body, int at, int end) {
      this.body = body;
      this.at = at;
      this.end = end;
    }

    @Nullable ExportResponse response() {
      ExportResponse found = WHOLE;
      while (at < end && !broken) {
        long tag = varint();
        if (tag == (1 << 3 | 2)) {
          Reader inner = slice();
          ExportResponse partial = inner == null ? null : inner.partialSuccess();
          if (partial == null) {
            return null;
          }
          found = partial;
        } else {
          skip(tag);
        }
      }
      return broken ? null : found;
    }

    private @Nullable ExportResponse partialSuccess() {
      long rejected = 0;
      String message = "";
      while (at < end && !broken) {
        long tag = varint();
        if (tag == (1 << 3)) {
          rejected = varint();
        } else if (tag == (2 << 3 | 2)) {
          Reader text = slice();
          if (text != null) {
            message = new String(body, text.at, text.end - text.at, StandardCharsets.UTF_8);
          }
        } else {
          skip(tag);
        }
      }
      return broken ? null : new ExportResponse(rejected, message);
    }

    private void skip(long tag) {
      if (tag >>> 3 == 0) {
        broken = true;
        return;
      }
      switch ((int) (tag & 7)) {
        case 0 -> varint();
        case 1 -> advance(8);
        case 2 -> slice();
        case 5 -> advance(4);
        default -> broken = true;
      }
    }

    private @Nullable Reader slice() {
      long length = varint();
      if (broken || length < 0 || length > end - at) {
        broken = true;
        return null;
      }
      Reader inner = new Reader(body, at, at + (int) length);
      at += (int) length;
      return inner;
    }

    private void advance(int bytes) {
      if (bytes > end - at) {
        broken = true;
      } else {
        at += bytes;
      }
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64 && at < end; shift += 7) {
        byte b = body[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      broken = true;
      return 0;
    }
  }
}
