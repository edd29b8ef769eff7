package dev.ucode.sandbox.sql;

/**
 * A statement that fails, as the platform reports it: state FAILED, an error class in brackets at
 * the beginning of the message, and an SQLSTATE.
 */
final class SqlFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  SqlFailure(String errorClass, String sqlState, String message) {
    super("[%s] %s SQLSTATE: %s".formatted(errorClass, message, sqlState), null, false, false);
    this.sqlState = sqlState;
  }

  String sqlState() {
    return sqlState;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
