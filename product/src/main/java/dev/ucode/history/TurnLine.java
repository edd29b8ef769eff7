package dev.ucode.history;

import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A turn in a list.
 *
 * @param agent its name; empty where it is not known
 * @param session the agent's own id of the session; empty where it is not known
 * @param prompt the beginning of what started it; empty where it is not known
 * @param duration null where the turn's own span is not there
 * @param errors spans that failed, the turn's own left out
 * @param delivery where it is on its way; null where the question makes no sense
 */
public record TurnLine(
    TraceId id,
    String agent,
    String session,
    String prompt,
    Instant start,
    @Nullable Duration duration,
    TokenUsage usage,
    int spans,
    int errors,
    Outcome outcome,
    @Nullable Delivery delivery) {
  /** How a turn ended. */
  public enum Outcome {
    OK,
    FAILED,
    INTERRUPTED,
    /** Its own span is not there, or says nothing of it. */
    OPEN
  }

  /** How far it got. */
  public enum Delivery {
    /** It is to stay on this machine. */
    LOCAL,
    WAITING,
    DELIVERED,
    /** All or some of it was refused for good. */
    REFUSED
  }
}
