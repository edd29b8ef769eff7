package dev.ucode.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.transcript.SessionFile.Watch;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionFileTest {
  private static final Instant T = Instant.parse("2026-11-22T20:12:57Z");

  @Test
  void aTurnIsOursOnlyInsideAWatch() {
    SessionFile session =
        new SessionFile(
            AgentId.CLAUDE,
            new SessionId("s"),
            Path.of("s.jsonl"),
            List.of(new Watch(T, T.plusSeconds(10)), new Watch(T.plusSeconds(100), null)));
    assertThat(session.watched(T.minusMillis(1))).isFalse();
    assertThat(session.watched(T)).isTrue();
    assertThat(session.watched(T.plusSeconds(10))).isTrue();
    assertThat(session.watched(T.plusSeconds(50))).as("a plain agent in between").isFalse();
    assertThat(session.watched(T.plusSeconds(5000))).isTrue();
    assertThat(session.firstSeen()).isEqualTo(T);
  }
}
