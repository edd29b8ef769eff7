package dev.ucode.trace;

/** 8 bytes as 16 lower-case hex digits. */
public record SpanId(String hex) {
  public SpanId {
    if (!hex.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException("not a span id: " + hex);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
