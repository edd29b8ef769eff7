package dev.ucode.sink;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known of an attempt. */
public sealed interface SendResult {
  /** Taken, all of it. */
  record Delivered() implements SendResult {}

  /**
   * Certainly not taken (refused connection, 429, a token refused twice): try again.
   *
   * @param after the server's own wish ({@code Retry-After}), or null
   */
  record NotTaken(String why, @Nullable Duration after) implements SendResult {}

  /** The person must act first (sign in, a missing grant): keep it and say so. */
  record Blocked(String why) implements SendResult {}

  /**
   * Perhaps taken, wholly or in part (timeout, cut, 5xx, partial success): ask before repeating.
   */
  record Unknown(String why) implements SendResult {}

  /** Never to be taken as it is (malformed, too large): quarantine. */
  record Rejected(String why) implements SendResult {}

  SendResult DELIVERED = new Delivered();
}
