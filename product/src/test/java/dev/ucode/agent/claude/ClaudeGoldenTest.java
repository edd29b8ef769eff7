package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What each recorded session becomes. The expected texts were read by eye against the rules before
 * they were kept; {@code -Dgolden.update} rewrites them, and the difference wants reading again.
 */
class ClaudeGoldenTest {
  private static final boolean UPDATE = System.getProperty("golden.update") != null;

  @TestFactory
  Stream<DynamicTest> everyRecordedSession() throws IOException {
    return Recorded.scenarios().stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    Recorded.SCENARIOS.relativize(folder).toString(), () -> check(folder)));
  }

  private static void check(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    Recorded.Ledger ledger = new Recorded.Ledger();
    for (Path file : Recorded.mainFiles(folder)) {
      int before = ledger.updates.size();
      Reading end = Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, ledger);
      text.append("session ").append(file.getFileName()).append('\n');
      text.append(
          "version %s, %d bytes left, unknown %s, unreadable %d, late %d, skipped turns %d\n\n"
              .formatted(
                  end.agentVersion(),
                  Files.size(file) - end.next().offset(),
                  end.unknownRecords(),
                  end.unreadableLines(),
                  end.lateRecords(),
                  end.skippedTurns()));
      text.append(TraceText.of(ledger.updates.subList(before, ledger.updates.size())));
    }
    Path golden = folder.resolve("expected.txt");
    if (UPDATE) {
      Files.writeString(golden, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(golden));
  }
}
