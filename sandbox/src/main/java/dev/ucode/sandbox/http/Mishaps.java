package dev.ucode.sandbox.http;

import org.jspecify.annotations.Nullable;

/** Decides which requests go wrong. Not asked about {@code /sandbox/...}. */
@FunctionalInterface
public interface Mishaps {
  /** What befalls this request, or null for nothing. Called once per request. */
  @Nullable Mishap next(Request request);
}
