package dev.ucode.acceptance.real;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline. */
final class Until {
  private Until() {}

  /**
   * Asks again until the answer fits, and returns it.
   *
   * @throws AssertionError with the last answer, when the limit has passed
   */
  static <T> T fits(
      String what, Duration limit, Supplier<T> question, Predicate<? super T> wanted) {
    T last = lastSeen(limit, question, wanted);
    if (!wanted.test(last)) {
      throw new AssertionError(
          "not within " + limit.toSeconds() + " s: " + what + "; last seen:\n" + last);
    }
    return last;
  }

  /** Asks again until the answer fits or the limit has passed; the last answer. */
  static <T> T lastSeen(Duration limit, Supplier<T> question, Predicate<? super T> wanted) {
    Instant deadline = Instant.now().plus(limit);
    while (true) {
      T answer = question.get();
      if (wanted.test(answer) || Instant.now().isAfter(deadline)) {
        return answer;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** Waits until the condition holds. */
  static void holds(String what, Duration limit, Supplier<Boolean> condition) {
    fits(what, limit, condition, yes -> yes);
  }
}
