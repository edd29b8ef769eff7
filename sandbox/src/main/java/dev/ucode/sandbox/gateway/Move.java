package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the model does with one request. */
public sealed interface Move {

  /**
   * It answers.
   *
   * @param content the blocks of the message, in order
   * @param stopReason as on the wire: {@code end_turn}, {@code tool_use}, {@code max_tokens}
   * @param usage what the request is said to have cost
   * @param delivery how a stream of it behaves; a request without streaming gets it whole
   */
  record Answer(List<Content> content, String stopReason, Usage usage, Delivery delivery)
      implements Move {}

  /**
   * It refuses with an error body.
   *
   * @param status HTTP status
   * @param type the API's error type, such as {@code overloaded_error}
   * @param message what went wrong
   * @param retryAfter seconds for a {@code Retry-After} header
   */
  record Refusal(int status, String type, String message, Optional<Integer> retryAfter)
      implements Move {}

  /** A block of an answer. */
  sealed interface Content {
    /** Thinking, with a signature that is marked as none. */
    record Thinking(String text) implements Content {}

    /** Words for the person. */
    record Text(String text) implements Content {}

    /** A tool to run. */
    record ToolUse(String name, ObjectNode input) implements Content {}
  }

  /** How an answer goes out when it is streamed. */
  sealed interface Delivery {
    /** At once. */
    record Prompt() implements Delivery {}

    /** One word after the other with a pause between; for interrupting it by hand or in a test. */
    record Paced(Duration pause) implements Delivery {}

    /** Text begins and then an {@code error} event ends the stream. */
    record ErrorEvent() implements Delivery {}

    /** Text begins and then the connection is closed without an end. */
    record Cut() implements Delivery {}
  }

  /**
   * Tokens of one answer.
   *
   * @param input tokens read afresh
   * @param cacheWritten tokens written to the prompt cache
   * @param cacheRead tokens read from the prompt cache
   * @param output tokens produced
   */
  record Usage(int input, int cacheWritten, int cacheRead, int output) {

    /**
     * The fixed usage of a step, so that a test can assert token counts exactly: 1200 tokens of
     * input and a cache of 9000 at first, then 100 more of input and 500 more from the cache at
     * each step; 40 tokens of output and 10 for each tool call.
     */
    static Usage ofStep(int step, int toolCalls) {
      int output = 40 + 10 * toolCalls;
      return step == 0
          ? new Usage(1200, 9000, 0, output)
          : new Usage(1200 + 100 * step, 600, 9000 + 500 * step, output);
    }
  }
}
