package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Known;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cost of a turn depends on the turn, not on the session. */
class ClaudeLongFilesTest {
  private static final String FILLER = "x".repeat(100_000);

  @TempDir Path folder;
  private Session session;

  @BeforeEach
  void begin() {
    session = new Session(folder);
  }

  @Test
  void nearItsEndALongFileIsNotReadFromItsBeginning() throws IOException {
    session.prompt("one");
    session.says("m1", "hello");
    session.stopSummary();
    session.read(Closing.OPEN);
    // A hole of 600 MB: read as a line, it would be one too long, and counted as unreadable.
    long end = 600L << 20;
    try (FileChannel file = FileChannel.open(session.file, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.UTF_8)), end);
    }
    session.cursor = new Cursor(end + 1, session.cursor.memory());
    session.prompt("two");
    session.says("m2", "again");
    session.stopSummary();
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.unreadableLines()).isZero();
    assertThat(session.traces()).hasSize(2);
    assertThat(reading.next().offset()).isEqualTo(Files.size(session.file));
  }

  @Test
  void aLongFileIsReadInPartsThatTogetherAreTheWhole() throws IOException {
    int turns = 250;
    for (int i = 0; i < turns; i++) {
      session.prompt("turn " + i);
      session.says("m" + i, FILLER);
      session.stopSummary();
    }
    SessionFile file = Recorded.session(session.file);
    Reading reading =
        new ClaudeTranscriptReader().read(file, Cursor.START, Closing.ENDED, Known.NOTHING);
    assertThat(reading.more()).isTrue();
    assertThat(reading.updates().size()).isBetween(1, turns - 1);
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(turns);
    assertThat(session.ledger.traces).hasSize(turns);
  }

  @Test
  void aSessionsPastIsNotReadToBeSkipped() throws IOException {
    for (int i = 0; i < 100; i++) {
      session.later(60_000).prompt("theirs " + i);
      session.says("m" + i, FILLER);
      session.stopSummary();
    }
    session.later(600_000);
    session.firstSeen = session.now();
    session.prompt("ours");
    session.says("mine", "hello");
    session.stopSummary();
    Reading reading = session.read(Closing.OPEN);
    assertThat(session.traces()).hasSize(1);
    assertThat(session.traces().getFirst().root().detail())
        .isEqualTo(new Detail.Turn("ours", "hello"));
    assertThat(reading.skippedTurns()).as("most were not even looked at").isLessThan(40);
  }

  @Test
  void theStartOfASessionThatIsAllOursIsNotJumpedOver() throws IOException {
    session.firstSeen = Instant.parse("2026-11-22T19:59:00Z");
    for (int i = 0; i < 60; i++) {
      session.prompt("ours " + i);
      session.says("m" + i, FILLER);
      session.stopSummary();
    }
    session.read(Closing.OPEN);
    assertThat(session.traces()).hasSize(60);
  }

  @Test
  void aFileThatShrankOrBeganAnewIsReadFromItsStartAgainstTheLedger() throws IOException {
    session.prompt("one");
    session.says("m1", "hello");
    session.stopSummary();
    session.prompt("two");
    session.says("m2", "hello");
    session.stopSummary();
    session.read(Closing.OPEN);
    byte[] bytes = Files.readAllBytes(session.file);
    // Shrunk: the second turn is gone, another took its place.
    int half = new String(bytes, StandardCharsets.UTF_8).indexOf("\"two\"");
    int line = new String(bytes, StandardCharsets.UTF_8).lastIndexOf('\n', half) + 1;
    Files.write(session.file, Arrays.copyOf(bytes, line));
    session.prompt("3");
    session.says("m3", "hello");
    session.stopSummary();
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.skippedTurns()).isEqualTo(1);
    assertThat(session.traces()).hasSize(3);
    // Another start: as long as before or longer, but not the same file.
    byte[] other = Files.readAllBytes(session.file);
    Files.write(session.file, "{\"type\":\"mode\"}\n".getBytes(StandardCharsets.UTF_8));
    session.raw(other);
    session.prompt("four");
    session.says("m4", "hello");
    session.stopSummary();
    assertThat(session.read(Closing.OPEN).skippedTurns()).isEqualTo(2);
    assertThat(session.traces()).hasSize(4);
    assertThat(Set.copyOf(session.ledger.traces)).hasSize(4);
  }

  @Test
  void aLineOfTwoMegabytesIsALine() throws IOException {
    String big = "y\0".repeat(1_000_000);
    session.prompt("go");
    session.uses("m1", "Bash", "t1", Json.object().put("command", "cat big").build());
    session.result("t1", big);
    session.says("m2", "seen");
    session.read(Closing.ENDED);
    Detail.ToolCall tool =
        (Detail.ToolCall) Session.span(session.traces().getFirst().spans(), "tool_Bash").detail();
    assertThat(tool.result()).isEqualTo(Json.of(big));
  }
}
