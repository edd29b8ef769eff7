package dev.ucode.problem;

import org.jspecify.annotations.Nullable;

/** Thrown by features and ports when the user must act; rendered in one place, the command line. */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  public UserException(Problem problem) {
    super(problem.what());
    this.problem = problem;
  }

  public UserException(Problem problem, @Nullable Throwable cause) {
    super(problem.what(), cause);
    this.problem = problem;
  }

  /** What to show. */
  public Problem problem() {
    return problem;
  }
}
