package dev.ucode.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.name.AgentId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void idsAreTheFirstBytesOfSha256OverTheParts() throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] hash = sha.digest("claude\0ab5dc38d\0".getBytes(StandardCharsets.UTF_8));
    TraceId trace = Ids.trace(AgentId.CLAUDE, "ab5dc38d");
    assertThat(trace.hex()).isEqualTo(HexFormat.of().formatHex(hash, 0, 16));

    hash = sha.digest((trace.hex() + "\0tool\0toolu_1\0").getBytes(StandardCharsets.UTF_8));
    assertThat(Ids.span(trace, Ids.Kind.TOOL_CALL, "toolu_1").hex())
        .isEqualTo(HexFormat.of().formatHex(hash, 0, 8));
  }

  @Test
  void everyPartMatters() {
    TraceId trace = Ids.trace(AgentId.CLAUDE, "a");
    assertThat(Ids.trace(AgentId.CLAUDE, "b")).isNotEqualTo(trace);
    assertThat(Ids.trace(new AgentId("codex"), "a")).isNotEqualTo(trace);
    assertThat(Ids.span(trace, Ids.Kind.TOOL_CALL, "x"))
        .isNotEqualTo(Ids.span(trace, Ids.Kind.MODEL_CALL, "x"));
  }
}
