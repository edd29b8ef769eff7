package dev.ucode.os;

/**
 * Named moments between two effects on the world. Nothing happens at them, but a test may end the
 * process there, to see that the next one finds everything it needs.
 */
@FunctionalInterface
public interface Steps {
  /** Takes no notice. */
  Steps UNWATCHED = step -> {};

  /** Called just after the effect that the step is named for. */
  void reached(String step);
}
