package dev.ucode.sandbox.fault;

import dev.ucode.sandbox.http.ApiException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can go wrong. */
public enum FaultKind {
  STATUS("answers --status (default 500); nothing is committed"),
  RATE_LIMIT("answers 429 with Retry-After (--delay, default 1s); nothing is committed"),
  EXPIRED_TOKEN("answers 401 as if the token had expired"),
  INVALID_TOKEN("answers 400 'Invalid Token'"),
  FORBIDDEN("answers 403 PERMISSION_DENIED"),
  DELAY("waits --delay (default 1s), then handles the request"),
  DELAY_AFTER_COMMIT("handles the request, then waits --delay (default 1s) before it answers"),
  CUT_BEFORE_COMMIT("closes the connection without handling the request"),
  CUT_AFTER_COMMIT("handles the request, then closes the connection without an answer"),
  LATE_COMMIT(
      "answers --status at once (default: closes the connection) and commits only --delay later"),
  LATE_VISIBILITY("answers as usual; readers see the rows only --delay (default 1s) later"),
  HALF_RESPONSE("handles the request, sends half of the answer and closes the connection"),
  PARTIAL_SUCCESS("keeps all rows but the last --rows (default 1) and says so in the answer");

  private final String summary;

  FaultKind(String summary) {
    this.summary = summary;
  }

  /** As it is written on the command line, for example {@code cut-after-commit}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it does, one line. */
  public String summary() {
    return summary;
  }

  /**
   * The kind of that word.
   *
   * @throws ApiException 400 where there is none, with the words there are
   */
  public static FaultKind of(String word) {
    for (FaultKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw ApiException.invalid(
        "No fault is named '"
            + word
            + "'. There are: "
            + Arrays.stream(values()).map(FaultKind::word).collect(Collectors.joining(", ")));
  }
}
