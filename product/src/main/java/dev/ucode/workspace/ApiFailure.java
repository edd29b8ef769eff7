package dev.ucode.workspace;

import org.jspecify.annotations.Nullable;

/** A workspace did not do what it was asked. Carries data: nobody need read the message. */
public final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of no it was. */
  public enum Kind {
    /** No answer, or no connection. */
    UNREACHABLE,
    /** It answered, but not as a Databricks API does: a redirect to a login page, HTML. */
    NOT_AN_API,
    /** The token is good, the permission is missing. */
    FORBIDDEN,
    /** The thing asked for is not there. */
    NOT_FOUND,
    /** Try again later: 429 or 5xx, several times over. */
    UNAVAILABLE,
    /** Any other refusal. */
    REFUSED
  }

  private final Kind kind;
  private final int status;
  private final @Nullable String errorCode;

  /**
   * @param status HTTP status, 0 where there was none
   * @param errorCode Databricks' {@code error_code}
   * @param detail one line for people
   */
  public ApiFailure(Kind kind, int status, @Nullable String errorCode, String detail) {
    super(detail);
    this.kind = kind;
    this.status = status;
    this.errorCode = errorCode;
  }

  public Kind kind() {
    return kind;
  }

  /** HTTP status, 0 where there was none. */
  public int status() {
    return status;
  }

  public @Nullable String errorCode() {
    return errorCode;
  }

  /** One line for people: status, error code and the server's own words. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
