package dev.ucode.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
  private static final Instant NOW = Instant.parse("2026-11-22T20:13:00Z");
  private static final String STOP =
      """
      {"session_id":"7aa7a001","transcript_path":"/home/dev/p/7aa7a001.jsonl","cwd":"/home/dev/w",\
      "prompt_id":"p\\"1","permission_mode":"default","effort":{"level":"medium"},\
      "hook_event_name":"Stop","last_assistant_message":"{\\"session_id\\":\\"other\\"}"}\
      """;

  @TempDir Path spool;
  private Inbox inbox;

  @BeforeEach
  void inbox() throws IOException {
    Files.createDirectories(spool.resolve("inbox"));
    inbox = new Inbox(spool, InstantSource.fixed(NOW));
  }

  @Test
  void aMissingFolderIsAnEmptyInbox() throws IOException {
    Inbox none = new Inbox(spool.resolve("nowhere"), InstantSource.fixed(NOW));
    assertThat(none.read(10)).isEmpty();
    assertThat(none.isEmpty()).isTrue();
  }

  @Test
  void readsAnEvent() throws IOException {
    Path file = drop("claude.d1.100.99.0.json", STOP, 5);
    HookEvent event = inbox.read(10).getFirst();
    assertThat(event.file()).isEqualTo(file);
    assertThat(event.firedAt()).isEqualTo(NOW.minusSeconds(5));
    assertThat(event.origin())
        .isEqualTo(new HookEvent.Origin(new AgentId("claude"), "d1", 100, 99));
    assertThat(event.payload())
        .isEqualTo(
            new HookEvent.Payload(
                "Stop",
                new SessionId("7aa7a001"),
                Path.of("/home/dev/p/7aa7a001.jsonl"),
                Path.of("/home/dev/w"),
                null));
    inbox.remove(event);
    assertThat(file).doesNotExist();
  }

  @Test
  void oldestFirstAndNoMoreThanAskedFor() throws IOException {
    drop("claude.d1.3.1.0.json", STOP, 1);
    drop("claude.d1.2.1.0.json", STOP, 9);
    drop("claude.d1.1.1.0.json", STOP, 4);
    assertThat(inbox.read(2).stream().map(e -> e.file().getFileName().toString()))
        .containsExactly("claude.d1.2.1.0.json", "claude.d1.1.1.0.json");
    assertThat(inbox.waiting()).isEqualTo(new Inbox.Waiting(3, NOW.minusSeconds(9)));
  }

  @Test
  void aFileBeingWrittenIsLeftAlone() throws IOException {
    drop("claude.d1.1.1.0.part", STOP.substring(0, 30), 60);
    drop("notes.txt", "", 60);
    assertThat(inbox.read(10)).isEmpty();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void aFileAbandonedHalfWayIsAnEventOfWhateverItHolds() throws IOException {
    Path file = drop("claude.d1.1.1.0.part", STOP.substring(0, 40), 301);
    HookEvent event = inbox.read(10).getFirst();
    assertThat(event.payload()).isNotNull();
    inbox.remove(event);
    assertThat(file).doesNotExist();
  }

  @Test
  void anEmptyEventIsABareWakeUp() throws IOException {
    drop("claude.d1.1.1.0.json", "", 1);
    drop("garbage.json", "[]", 2);
    List<HookEvent> events = inbox.read(10);
    assertThat(events).hasSize(2).allSatisfy(e -> assertThat(e.payload()).isNull());
    assertThat(events.getFirst().origin()).isNull();
  }

  @Test
  void aCutEventSaysWhatItCan() throws IOException {
    byte[] whole = STOP.getBytes(StandardCharsets.UTF_8);
    int named = STOP.indexOf("\",\"transcript_path") + 1;
    for (int length = 0; length < whole.length; length++) {
      Path file = spool.resolve("inbox/claude.d1.1.1.0.json");
      Files.write(file, Arrays.copyOf(whole, length));
      HookEvent.Payload payload = inbox.read(10).getFirst().payload();
      if (length < named) {
        assertThat(payload).as("cut at %d", length).isNull();
      } else {
        assertThat(Objects.requireNonNull(payload, "cut at " + length).session())
            .isEqualTo(new SessionId("7aa7a001"));
        assertThat(payload.name()).isIn("", "Stop");
      }
    }
  }

  private Path drop(String name, String content, int secondsAgo) throws IOException {
    Path file = spool.resolve("inbox").resolve(name);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(secondsAgo)));
    return file;
  }
}
