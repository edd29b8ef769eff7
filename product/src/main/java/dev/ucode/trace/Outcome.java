package dev.ucode.trace;

/** How a span ended. */
public sealed interface Outcome {
  /** As it should. */
  record Ok() implements Outcome {}

  /**
   * It failed.
   *
   * @param type a short word of the agent's own: {@code rate_limit}, {@code tool_error}…
   * @param message what it said, possibly long
   */
  record Failed(String type, String message) implements Outcome {}

  /** The user stopped it. */
  record Interrupted() implements Outcome {}

  /** The record ends before it did: the agent was killed. */
  record Unfinished() implements Outcome {}

  Outcome OK = new Ok();
}
