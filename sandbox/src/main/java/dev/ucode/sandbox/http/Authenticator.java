package dev.ucode.sandbox.http;

/** Tells who a bearer token belongs to. */
public interface Authenticator {
  /**
   * The caller behind a user's token.
   *
   * @throws ApiException 401 where the token is unknown or expired
   */
  Caller user(String bearer);

  /** Whether this is the sandbox's own admin token. */
  boolean isAdmin(String bearer);
}
