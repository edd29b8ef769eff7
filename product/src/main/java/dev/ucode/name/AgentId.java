package dev.ucode.name;

/** A coding agent's short name, as typed after {@code ucode}: {@code claude}, {@code codex}… */
public record AgentId(String value) {
  public static final AgentId CLAUDE = new AgentId("claude");

  public AgentId {
    if (!value.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("not an agent name: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
