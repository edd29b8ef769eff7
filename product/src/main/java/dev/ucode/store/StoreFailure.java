package dev.ucode.store;

import dev.ucode.problem.Problem;

/** The storage refuses. What was being done has not happened and can be done again. */
public final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Kind {
    /** No space left. */
    FULL,
    /** May not be written, or opened. */
    READ_ONLY,
    /** Another process kept it locked for too long. */
    BUSY,
    /** Its content is broken. */
    DAMAGED,
    /** Written by a later version. */
    TOO_NEW,
    OTHER
  }

  private final Kind kind;
  private final transient Problem problem;

  public StoreFailure(Kind kind, Problem problem, Throwable cause) {
    super(problem.what(), cause);
    this.kind = kind;
    this.problem = problem;
  }

  public Kind kind() {
    return kind;
  }

  /** What to show. */
  public Problem problem() {
    return problem;
  }
}
