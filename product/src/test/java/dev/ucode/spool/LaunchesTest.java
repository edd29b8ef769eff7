package dev.ucode.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchesTest {
  @TempDir Path spool;

  @Test
  void whatIsRegisteredIsFoundUntilItIsRemoved() throws IOException {
    Launches launches = new Launches(spool);
    assertThat(launches.all()).isEmpty();
    Launch bare =
        new Launch(
            12,
            null,
            new AgentId("claude"),
            "d1",
            Path.of("/home/dev/w x"),
            null,
            Instant.parse("2026-11-22T20:12:56.555Z"));
    Launch full =
        new Launch(
            13,
            Instant.parse("2026-11-22T20:12:56.1Z"),
            new AgentId("claude"),
            "d2",
            Path.of("/"),
            new SessionId("s"),
            Instant.parse("2026-11-22T20:12:57Z"));
    launches.register(bare);
    launches.register(full);
    assertThat(launches.all()).containsExactlyInAnyOrder(bare, full);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(spool.resolve("launches/12.json"))))
        .isEqualTo("rw-------");
    launches.remove(bare);
    assertThat(launches.all()).containsExactly(full);
  }

  @Test
  void aFileThatMeansNothingIsPassedOver() throws IOException {
    Files.createDirectories(spool.resolve("launches"));
    Files.writeString(spool.resolve("launches/7.json"), "{\"process\":7");
    Files.writeString(
        spool.resolve("launches/8.json"),
        "{\"process\":8,\"agent\":\"X Y\",\"destination\":\"d\",\"working_directory\":\"/\","
            + "\"at\":\"2026-11-22T20:12:57Z\"}");
    assertThat(new Launches(spool).all()).isEmpty();
  }
}
