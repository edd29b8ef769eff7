package dev.ucode.drain;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long the worker waits for what.
 *
 * @param quiet after a Stop, before a turn counts as over where the record does not say so
 * @param forgotten without a sign of a session whose process is gone, before it counts as over
 * @param idle without work, before the worker leaves
 * @param vigil with something still to be sent, before it leaves all the same
 * @param request the longest one request may take
 * @param doubt after a request of unknown outcome began, before the destination is asked what it
 *     has: its own limit for a request, and the time rows take to show
 * @param answer how long an open question waits for a warehouse, before the spans are sent again
 * @param firstRetry after the first failure; each further one doubles it
 * @param lastRetry the longest pause between two attempts
 * @param blockedRetry between two looks whether a person has acted
 */
public record Pace(
    Duration quiet,
    Duration forgotten,
    Duration idle,
    Duration vigil,
    Duration request,
    Duration doubt,
    Duration answer,
    Duration firstRetry,
    Duration lastRetry,
    Duration blockedRetry) {
  public static final Pace NORMAL =
      new Pace(
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(45),
          Duration.ofHours(24),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(2));

  /** With another idle time. */
  public Pace idle(Duration value) {
    return new Pace(
        quiet,
        forgotten,
        value,
        vigil,
        request,
        doubt,
        answer,
        firstRetry,
        lastRetry,
        blockedRetry);
  }

  /** With another time of doubt. */
  public Pace doubt(Duration value) {
    return new Pace(
        quiet, forgotten, idle, vigil, request, value, answer, firstRetry, lastRetry, blockedRetry);
  }

  /**
   * The pause after so many failures in a row, give or take a fifth, so that a company's laptops do
   * not all come back at the same moment.
   */
  Duration retry(int failures) {
    Duration pause = firstRetry;
    for (int i = 0; i < failures && pause.compareTo(lastRetry) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    long millis = (pause.compareTo(lastRetry) < 0 ? pause : lastRetry).toMillis();
    return Duration.ofMillis(millis * ThreadLocalRandom.current().nextInt(80, 121) / 100);
  }
}
