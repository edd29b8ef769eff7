package dev.ucode.http;

import java.io.IOException;

/** A request that got no whole answer. */
public final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** How much is known of what the server did. */
  public enum Kind {
    /** The request never left: no route, refused, unknown host, TLS refused. Nothing happened. */
    NOT_SENT,
    /** Sent, at least in part; the answer is missing. The server may have acted. */
    UNKNOWN_OUTCOME
  }

  private final Kind kind;

  public HttpFailure(Kind kind, String what, Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
