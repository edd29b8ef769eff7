package dev.ucode.sandbox.gateway;

/**
 * A request body that the Messages API refuses; answered with 400 {@code invalid_request_error}.
 */
public final class BadRequest extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says which field is wrong, as the API does: {@code messages.0.role: ...}. */
  public BadRequest(String message) {
    super(message);
  }
}
