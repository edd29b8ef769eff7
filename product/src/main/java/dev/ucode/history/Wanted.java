package dev.ucode.history;

import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.trace.TraceId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a person may call a trace. */
final class Wanted {
  static final String LATEST = "latest";
  private static final int SHORTEST = 4;
  private static final int WHOLE = 32;

  private Wanted() {}

  /** The digits of an id as typed: {@code tr-} and full trace URIs are understood too. */
  static String digits(String typed) {
    String id = typed.strip().toLowerCase(Locale.ROOT);
    id = id.substring(id.lastIndexOf('/') + 1);
    id = id.startsWith("tr-") ? id.substring("tr-".length()) : id;
    if (!id.matches("[0-9a-f]{" + SHORTEST + "," + WHOLE + "}")) {
      throw new UserException(
          Problem.usage(
              "'" + typed + "' is not a trace's id",
              "an id has 32 of the digits 0-9 and a-f; its first " + SHORTEST + " or more will do",
              "list them: ucode traces list",
              "or take the newest: ucode traces show latest"));
    }
    return id;
  }

  static boolean isWhole(String digits) {
    return digits.length() == WHOLE;
  }

  /** The one of these that was meant. */
  static TraceId one(String typed, List<TraceId> found) {
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      throw none(typed);
    }
    throw new UserException(
        Problem.usage(
            "several traces begin with '" + typed + "'",
            found.stream().map(TraceId::hex).collect(Collectors.joining(", ")),
            "give more digits"));
  }

  static UserException none(String typed) {
    return new UserException(
        Problem.failure(
            typed.equals(LATEST) ? "there is no trace yet" : "there is no trace '" + typed + "'",
            null,
            "list them: ucode traces list"));
  }
}
