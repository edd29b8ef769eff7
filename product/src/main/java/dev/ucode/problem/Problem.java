package dev.ucode.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something the user must know or do.
 *
 * @param what one line, no trailing full stop, no exception class names
 * @param why the cause, or null where the first line says it all
 * @param fix what to do, one step each, commands spelled out; may be empty
 * @param exit the process's exit code when this ends a command
 */
public record Problem(String what, @Nullable String why, List<String> fix, Exit exit) {
  public Problem {
    fix = List.copyOf(fix);
  }

  /** A failure (exit code 1). */
  public static Problem failure(String what, @Nullable String why, String... fix) {
    return new Problem(what, why, List.of(fix), Exit.FAILURE);
  }

  /** Wrong usage (exit code 2). */
  public static Problem usage(String what, @Nullable String why, String... fix) {
    return new Problem(what, why, List.of(fix), Exit.USAGE);
  }
}
