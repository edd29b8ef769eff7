package dev.ucode.http;

/** Sends requests. One attempt each: whether to try again is the caller's decision. */
public interface Http {
  /**
   * Sends a request and reads the whole answer. Redirects are not followed; a 3xx is an answer.
   *
   * @throws HttpFailure where there is no whole answer by the deadline
   */
  Reply send(Call call, Deadline deadline) throws HttpFailure;
}
