package dev.ucode.trace;

import dev.ucode.name.AgentId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids derived from the agent's own record ids, so that a re-run, a resume, a fork or a crash at any
 * instruction names the same thing the same way. Neither the session id nor the prompt id may
 * enter: a fork copies records under a new session id and rewrites prompt ids.
 */
public final class Ids {
  /** What a span stands for; the word enters its id. */
  public enum Kind {
    TURN("turn"),
    MODEL_CALL("llm"),
    TOOL_CALL("tool"),
    SUBAGENT("subagent");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  private Ids() {}

  /** First 16 bytes of SHA-256 over agent and the uuid of the turn's prompt record. */
  public static TraceId trace(AgentId agent, String promptUuid) {
    return new TraceId(HexFormat.of().formatHex(digest(agent.value(), promptUuid), 0, 16));
  }

  /**
   * First 8 bytes of SHA-256 over trace id, kind and the agent's own id of the thing: message id,
   * tool use id, agent id, or empty for the turn itself.
   */
  public static SpanId span(TraceId trace, Kind kind, String ownId) {
    return new SpanId(HexFormat.of().formatHex(digest(trace.hex(), kind.word, ownId), 0, 8));
  }

  private static byte[] digest(String... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        sha.update(part.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0); // so that ("ab", "c") and ("a", "bc") differ
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
