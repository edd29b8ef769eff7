package dev.ucode.problem;

/** Process exit codes of {@code ucode}; a launched agent's own code passes through instead. */
public enum Exit {
  OK(0),
  FAILURE(1),
  USAGE(2),
  INTERRUPTED(130);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  /** The number the process exits with. */
  public int code() {
    return code;
  }
}
