package dev.ucode.agent;

import java.util.function.Supplier;

/** A variable of a launched agent's environment. */
public sealed interface EnvValue {
  /** Shown as it is. */
  record Plain(String text) implements EnvValue {}

  /** Never shown; fetched when the agent starts. */
  record Secret(Supplier<String> text) implements EnvValue {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** Taken away from what the agent inherits. */
  record Unset() implements EnvValue {}
}
