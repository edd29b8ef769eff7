package dev.ucode.sink;

import dev.ucode.http.Deadline;

/**
 * A request made ready, not yet begun: the caller writes down what it is about to do, and only then
 * lets the first byte go.
 */
public interface Shipment {
  /** Length of the body that will leave this machine. */
  long bytes();

  /**
   * One attempt.
   *
   * @param deadline by when the answer must be whole; what is known at that moment is the result
   */
  SendResult send(Deadline deadline);
}
