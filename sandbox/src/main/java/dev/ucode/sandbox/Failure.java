package dev.ucode.sandbox;

import org.jspecify.annotations.Nullable;

/** Something the person at the keyboard must know or do; shown without a stack trace. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String rendered;

  /**
   * @param fixes commands or steps, each on a line of its own
   */
  Failure(String what, @Nullable String why, String... fixes) {
    super(what);
    StringBuilder text = new StringBuilder("ucode: ").append(what).append('\n');
    if (why != null) {
      text.append("  why: ").append(why).append('\n');
    }
    for (String fix : fixes) {
      text.append("  fix: ").append(fix).append('\n');
    }
    rendered = text.toString();
  }

  /** All lines of the message, with a final newline. */
  String render() {
    return rendered;
  }
}
