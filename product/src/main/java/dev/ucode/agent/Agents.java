package dev.ucode.agent;

import dev.ucode.agent.claude.Claude;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agents there are. */
public final class Agents {
  private static final List<Agent> ALL = List.of(new Claude());
  private static final Map<String, String> ALIASES = Map.of("claude-code", "claude");

  private Agents() {}

  /** All of them, in the order in which they are shown. */
  public static List<Agent> all() {
    return ALL;
  }

  /** The agent of that id; null where this version does not know it. */
  public static @Nullable Agent find(AgentId id) {
    for (Agent agent : ALL) {
      if (agent.id().equals(id)) {
        return agent;
      }
    }
    return null;
  }

  /**
   * The agent a person means.
   *
   * @throws UserException where this version knows none of that name
   */
  public static Agent named(String name) {
    String word = name.strip().toLowerCase(Locale.ROOT);
    String id = ALIASES.getOrDefault(word, word);
    for (Agent agent : ALL) {
      if (agent.id().value().equals(id)) {
        return agent;
      }
    }
    throw new UserException(
        Problem.usage(
            "unknown agent '" + name.strip() + "'",
            null,
            "use one of: " + String.join(", ", ALL.stream().map(a -> a.id().value()).toList())));
  }
}
