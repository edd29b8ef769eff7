package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fork copies records under a new session id: what was sent once is not sent again. */
class ClaudeCopiesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"2.1.330", "2.1.197"})
  void aForkAloneIsItsOwnTurnAlone(String version) throws IOException {
    List<Path> files = Recorded.mainFiles(Recorded.SCENARIOS.resolve(version).resolve("resume"));
    Recorded.Ledger ledger = new Recorded.Ledger();
    Recorded.read(Recorded.session(files.getLast()), Cursor.START, Closing.ENDED, ledger);
    assertThat(ledger.updates).hasSize(1);
    assertThat(((TraceUpdate.Closed) ledger.updates.getFirst()).trace().root().detail())
        .isInstanceOfSatisfying(
            Detail.Turn.class, turn -> assertThat(turn.prompt()).isEqualTo("SCN:simple fork"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1.330", "2.1.197"})
  void theOrderOfReadingForkAndOriginalMakesNoDifference(String version) throws IOException {
    List<Path> files = Recorded.mainFiles(Recorded.SCENARIOS.resolve(version).resolve("resume"));
    Recorded.Ledger ledger = new Recorded.Ledger();
    for (Path file : files) {
      Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, ledger);
    }
    List<Path> backwards = new ArrayList<>(files);
    Collections.reverse(backwards);
    Recorded.Ledger reversed = new Recorded.Ledger();
    for (Path file : backwards) {
      Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, reversed);
    }
    assertThat(reversed.traces).isEqualTo(ledger.traces).hasSize(4);
    assertThat(reversed.updates).hasSameSizeAs(ledger.updates);
  }

  @Test
  void aTurnWhoseAnswerAnotherSessionAskedForIsACopy() throws IOException {
    Session session = new Session(folder);
    session.prompt("copied");
    session.append(
        session
            .answer("m1", "end_turn", Session.text("copied"))
            .put("requestSessionId", "11111111-0000-4000-8000-000000000000"));
    session.prompt("own");
    session.append(
        session
            .answer("m2", "end_turn", Session.text("own"))
            .put("requestSessionId", "5e551011-0000-4000-8000-000000000000"));
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(1);
    assertThat(session.traces().getFirst().root().detail())
        .isEqualTo(new Detail.Turn("own", "own"));
  }

  @Test
  void aClockThatGoesBackMakesNoCopies() throws IOException {
    Session session = new Session(folder);
    session.append(
        Json.object()
            .put("type", "queue-operation")
            .put("operation", "enqueue")
            .put("timestamp", session.now().toString()));
    session.prompt("one");
    session.says("m1", "hello");
    session.later(-3_600_000);
    session.prompt("two");
    session.says("m2", "hello");
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(2);
  }
}
