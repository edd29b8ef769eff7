package dev.ucode.sandbox.http;

/**
 * A refusal in the platform's shape: a status and {@code {"error_code","message"}}. Handlers throw
 * it; the server renders it.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;

  public ApiException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** 400 {@code INVALID_PARAMETER_VALUE}. */
  public static ApiException invalid(String message) {
    return new ApiException(400, "INVALID_PARAMETER_VALUE", message);
  }

  /** 400 {@code BAD_REQUEST}. */
  public static ApiException badRequest(String message) {
    return new ApiException(400, "BAD_REQUEST", message);
  }

  /** 401 {@code UNAUTHENTICATED}. */
  public static ApiException unauthenticated(String message) {
    return new ApiException(401, "UNAUTHENTICATED", message);
  }

  /** 403 {@code PERMISSION_DENIED}. */
  public static ApiException denied(String message) {
    return new ApiException(403, "PERMISSION_DENIED", message);
  }

  /** 404 {@code RESOURCE_DOES_NOT_EXIST}. */
  public static ApiException missing(String message) {
    return new ApiException(404, "RESOURCE_DOES_NOT_EXIST", message);
  }

  /** 400 {@code RESOURCE_ALREADY_EXISTS}, with the status that MLflow on the platform gives it. */
  public static ApiException exists(String message) {
    return new ApiException(400, "RESOURCE_ALREADY_EXISTS", message);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The platform's error code, upper snake case. */
  public String code() {
    return code;
  }

  /** The message, never null. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** As a reply. */
  public Reply reply() {
    return Reply.json(status, Json.object().put("error_code", code).put("message", text()));
  }
}
