package dev.ucode.cli;

import dev.ucode.problem.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words that may follow {@code ucode}, and what is said of the others. */
final class Commands {
  /** What the program this one follows knows, and this version does not. */
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("codex", "launching Codex"),
          Map.entry("gemini", "launching Gemini CLI"),
          Map.entry("opencode", "launching OpenCode"),
          Map.entry("copilot", "launching GitHub Copilot CLI"),
          Map.entry("pi", "launching Pi"),
          Map.entry("cursor", "launching Cursor"),
          Map.entry("mcp", "managing MCP servers"),
          Map.entry("setup", "writing an admin's configuration"),
          Map.entry("apply", "applying an admin's configuration"),
          Map.entry("usage", "showing usage"),
          Map.entry("upgrade", "upgrading itself"));

  private Commands() {}

  /** What to say of a word that is no command. */
  static Problem unknown(String word, List<String> known) {
    String later = LATER.get(word);
    if (later != null) {
      return Problem.usage(later + " is not in this version", null, "see what is: ucode --help");
    }
    String what =
        word.startsWith("-")
            ? "there is no option '" + word + "'"
            : "there is no command '" + word + "'";
    String near = nearest(word, known);
    return near == null
        ? Problem.usage(what, null, "see the commands: ucode --help")
        : Problem.usage(what, null, "did you mean: ucode " + near);
  }

  /** The known word that is closest, if one is close. */
  static @Nullable String nearest(String word, List<String> known) {
    String best = null;
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      boolean begins = word.length() >= 3 && candidate.startsWith(word);
      int distance = begins ? 1 : distance(word, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** How many letters must be added, dropped, replaced or swapped with their neighbour. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
