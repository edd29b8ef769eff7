package dev.ucode.sandbox.http;

/** Answers one request. Throws {@link ApiException} to refuse it in the platform's shape. */
@FunctionalInterface
public interface Handler {
  Reply handle(Request request) throws Exception;
}
