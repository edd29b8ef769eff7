package dev.ucode.name;

/** An agent's own id of a session, verbatim. */
public record SessionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
