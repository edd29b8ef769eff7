package dev.ucode.console;

import dev.ucode.problem.Problem;
import java.util.List;

/** How problems look: what, why, and the commands that fix it. */
public final class Problems {
  private Problems() {}

  /** Prints a problem. */
  public static void print(Problem problem, Output out) {
    Paint paint = out.paint();
    out.line(paint.red("ucode:") + " " + indented(problem.what(), "  "));
    String why = problem.why();
    if (why != null) {
      out.line(paint.dim("  why:") + " " + indented(why, "       "));
    }
    for (String step : problem.fix()) {
      out.line(paint.green("  fix:") + " " + indented(step, "       "));
    }
  }

  /** Problems found together are shown together. */
  public static void print(List<Problem> problems, Output out) {
    problems.forEach(problem -> print(problem, out));
  }

  private static String indented(String text, String indent) {
    return Text.safe(text.strip()).replace("\n", "\n" + indent);
  }
}
