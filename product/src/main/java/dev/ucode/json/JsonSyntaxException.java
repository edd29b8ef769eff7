package dev.ucode.json;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Text that is not JSON, with the place where it stops being so. */
public final class JsonSyntaxException extends IOException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  JsonSyntaxException(String what, int line, int column, @Nullable Throwable cause) {
    super(what, cause);
    this.line = line;
    this.column = column;
  }

  /** Line of the fault, from 1; 0 where unknown. */
  public int line() {
    return line;
  }

  /** Column of the fault, from 1; 0 where unknown. */
  public int column() {
    return column;
  }
}
