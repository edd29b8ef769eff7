package dev.ucode.sandbox.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What goes wrong with one request on its way through the server. */
public sealed interface Mishap {
  /** Another answer than the handler's; the handler never runs. */
  record Answered(Reply reply) implements Mishap {}

  /**
   * The answer takes longer.
   *
   * @param afterCommit whether the handler runs before the wait, so that a caller who gives up has
   *     still changed something
   */
  record Delayed(Duration by, boolean afterCommit) implements Mishap {}

  /**
   * The connection closes without an answer.
   *
   * @param afterCommit whether the handler ran before it
   */
  record Cut(boolean afterCommit) implements Mishap {}

  /**
   * The handler runs only a while after the caller was answered or cut off.
   *
   * @param reply what the caller gets at once; null closes the connection
   */
  record CommittedLate(Duration after, @Nullable Reply reply) implements Mishap {}

  /** Answered as usual, but readers see what was written only a while later. */
  record ShownLate(Duration after) implements Mishap {}

  /** Headers and half of the body arrive, then the connection closes; the handler ran. */
  record Halved() implements Mishap {}

  /**
   * Some of the rows the request brings are refused, the rest is kept: OTLP's partial success.
   * Routes that take no rows answer as usual.
   */
  record PartlyRefused(int rows) implements Mishap {}
}
