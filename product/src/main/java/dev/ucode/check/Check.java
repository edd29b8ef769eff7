package dev.ucode.check;

import java.util.List;

/** What was found when something was looked at. */
public sealed interface Check {
  /** What was looked at, in a word or two. */
  String subject();

  /** What was found, in half a line. */
  String found();

  /** What to do, one step each; empty where nothing is to be done. */
  default List<String> fix() {
    return List.of();
  }

  /** As it should be. */
  record Ok(String subject, String found) implements Check {}

  /** It works, but should be looked at. */
  record Warn(String subject, String found, List<String> fix) implements Check {
    public Warn {
      fix = List.copyOf(fix);
    }
  }

  /** It does not work. */
  record Fail(String subject, String found, List<String> fix) implements Check {
    public Fail {
      fix = List.copyOf(fix);
    }
  }

  /** It was not looked at; {@code found} says why. */
  record Skipped(String subject, String found) implements Check {}
}
