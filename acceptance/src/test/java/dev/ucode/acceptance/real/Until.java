package dev.ucode.acceptance.real;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline. */
public final class Until {
  private Until() {}

  /**
   * Asks again until the answer fits, and returns it.
   *
   * @throws AssertionError with the last answer, when the limit has passed
   */
  public static <T> T fits(
      String what, Duration limit, Supplier<T> question, Predicate<? super T> wanted) {
    Instant deadline = Instant.now().plus(limit);
    while (true) {
      T answer = question.get();
      if (wanted.test(answer)) {
        return answer;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError(
            "not within " + limit.toSeconds() + " s: " + what + "; last seen:\n" + answer);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** Waits until the condition holds. */
  public static void holds(String what, Duration limit, Supplier<Boolean> condition) {
    fits(what, limit, condition, yes -> yes);
  }
}
