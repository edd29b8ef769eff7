package dev.ucode.trace;

/** 16 bytes as 32 lower-case hex digits. */
public record TraceId(String hex) {
  public TraceId {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("not a trace id: " + hex);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
