package dev.ucode.sandbox.http;

/** Who may call a route. */
public enum Access {
  /** Anybody, without a token: the discovery and token endpoints. */
  OPEN,
  /** A user with a valid bearer token: every API. */
  USER,
  /** The holder of the sandbox's own admin token: {@code /sandbox/...}, which no workspace has. */
  ADMIN
}
