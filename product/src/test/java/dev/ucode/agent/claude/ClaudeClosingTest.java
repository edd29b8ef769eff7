package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a turn is over, and what becomes of what comes after. */
class ClaudeClosingTest {
  private static final Json.Obj NOTHING = Json.object().build();

  @TempDir Path folder;
  private Session session;

  @BeforeEach
  void begin() {
    session = new Session(folder);
  }

  @Test
  void nothingIsThereBeforeTheFirstAnswer() throws IOException {
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.updates()).isEmpty();
    assertThat(reading.next()).isEqualTo(Cursor.START);
  }

  @Test
  void theSummaryOfItsStopHooksClosesATurn() throws IOException {
    session.prompt("one");
    session.says("m1", "hello");
    assertThat(session.read(Closing.OPEN).turnOpen()).isTrue();
    assertThat(session.read(Closing.STOPPED).turnOpen()).as("it is yet to come").isTrue();
    session.stopSummary();
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.turnOpen()).isFalse();
    assertThat(reading.next().offset()).isEqualTo(Files.size(session.file));
    assertThat(session.traces()).hasSize(1);
  }

  @Test
  void aStopHookThatObjectsKeepsTheTurnOpen() throws IOException {
    session.prompt("one");
    session.says("m1", "first");
    session.meta("Stop hook feedback:\n[lint]: not good enough");
    session.stopSummary();
    assertThat(session.read(Closing.STOPPED).turnOpen()).isTrue();
    session.says("m2", "second");
    session.stopSummary();
    assertThat(session.read(Closing.OPEN).turnOpen()).isFalse();
    assertThat(Session.names(session.traces().getFirst().spans()))
        .containsExactly("claude_code_conversation", "llm", "llm");
    assertThat(session.traces().getFirst().root().detail())
        .isEqualTo(new Detail.Turn("one", "second"));
  }

  @Test
  void whereNoSummaryIsWrittenQuietAfterTheStopCloses() throws IOException {
    session.version = "2.1.197";
    session.prompt("one");
    assertThat(session.read(Closing.STOPPED).turnOpen()).as("no answer yet").isTrue();
    session.uses("m1", "Bash", "t1", NOTHING);
    assertThat(session.read(Closing.STOPPED).turnOpen()).as("a tool runs").isTrue();
    session.result("t1", "done");
    assertThat(session.read(Closing.STOPPED).turnOpen()).as("no answer to the tool").isTrue();
    session.says("m2", "hello");
    assertThat(session.read(Closing.OPEN).turnOpen()).isTrue();
    assertThat(session.read(Closing.STOPPED).turnOpen()).isFalse();
    assertThat(session.traces()).hasSize(1);
  }

  @Test
  void quietDoesNotCloseWhereAHookObjected() throws IOException {
    session.version = "2.1.197";
    session.prompt("one");
    session.says("m1", "first");
    session.meta("Stop hook feedback:\nagain");
    assertThat(session.read(Closing.STOPPED).turnOpen()).isTrue();
    session.says("m2", "second");
    assertThat(session.read(Closing.STOPPED).turnOpen()).isFalse();
    assertThat(session.traces()).hasSize(1);
  }

  @Test
  void theNextPromptClosesATurnThatNothingElseDid() throws IOException {
    session.prompt("one");
    session.says("m1", "hello");
    session.prompt("two");
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.turnOpen()).isTrue();
    assertThat(session.traces()).hasSize(1);
    session.says("m2", "again");
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(2);
  }

  @Test
  void theEndOfTheSessionClosesWhateverIsOpen() throws IOException {
    session.prompt("one");
    session.uses("m1", "Bash", "t1", NOTHING);
    session.read(Closing.ENDED);
    Trace trace = session.traces().getFirst();
    assertThat(trace.state()).isEqualTo(Trace.State.ERROR);
    assertThat(trace.tags()).containsEntry("unfinished", "true");
    assertThat(trace.root().outcome()).isEqualTo(new Outcome.Unfinished());
    assertThat(Session.span(trace.spans(), "tool_Bash").outcome())
        .isEqualTo(new Outcome.Unfinished());
  }

  @Test
  void whatComesAfterATurnWasClosedTooEarlyIsItsLateSpans() throws IOException {
    session.version = "2.1.197";
    session.prompt("one");
    session.says("m1", "first");
    session.read(Closing.STOPPED);
    session.meta("Stop hook feedback:\nslow, but not content");
    session.says("m2", "second");
    session.read(Closing.OPEN);
    session.read(Closing.STOPPED);
    Trace trace = session.traces().getFirst();
    assertThat(session.traces()).hasSize(1);
    assertThat(session.late()).hasSize(1);
    TraceUpdate.Late late = session.late().getFirst();
    assertThat(late.traceId()).isEqualTo(trace.id());
    assertThat(late.tags()).containsEntry("ucode.late_spans", "1");
    Span call = late.spans().getFirst();
    assertThat(call.parent()).isEqualTo(trace.root().id());
    assertThat(((Detail.ModelCall) call.detail()).input().write()).contains("not content");
    // A second time, the count goes on.
    session.says("m3", "third");
    session.read(Closing.ENDED);
    assertThat(session.late().getLast().tags()).containsEntry("ucode.late_spans", "2");
    // And the next turn is one of its own again.
    session.prompt("two");
    session.says("m4", "fourth");
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(2);
  }

  @Test
  void aLateRecordOfASentSpanIsCountedAndNotSent() throws IOException {
    session.prompt("one");
    session.uses("m1", "Bash", "t1", NOTHING);
    session.read(Closing.ENDED);
    session.says("m1", "one more block of the same answer");
    session.result("t1", "late");
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.lateRecords()).isEqualTo(2);
    assertThat(reading.updates()).isEmpty();
    assertThat(reading.turnOpen()).isFalse();
    assertThat(session.read(Closing.ENDED).lateRecords()).as("once").isZero();
  }

  @Test
  void aCommandCountsOnlyWhenTheModelAnswers() throws IOException {
    session.prompt("<command-name>/model</command-name>\n<command-args>opus</command-args>");
    session.prompt("<local-command-stdout>Set model</local-command-stdout>");
    assertThat(session.read(Closing.OPEN).turnOpen()).isFalse();
    String id =
        session.prompt("<command-name>/review</command-name>\n<command-args>PR 7</command-args>");
    session.meta("Please review PR 7");
    assertThat(session.read(Closing.STOPPED).turnOpen()).isFalse();
    session.says("m1", "fine");
    session.stopSummary();
    session.read(Closing.OPEN);
    Trace trace = session.traces().getFirst();
    assertThat(session.traces()).hasSize(1);
    assertThat(trace.promptUuid()).isEqualTo(id);
    assertThat(trace.root().detail()).isEqualTo(new Detail.Turn("/review PR 7", "fine"));
    assertThat(((Detail.ModelCall) trace.spans().get(1).detail()).input().items())
        .as("what the local command left is context of this call")
        .hasSize(4);
  }

  @Test
  void notificationsInARowAreOneTurnAndPromptsAreNot() throws IOException {
    session.prompt("never answered");
    session.prompt("one");
    session.says("m1", "hello");
    session.notification("a1", "t1");
    session.notification("a2", "t2");
    session.says("m2", "both");
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(3);
    assertThat(session.traces().get(0).root().outcome()).isEqualTo(new Outcome.Unfinished());
    assertThat(session.traces().get(2).metadata())
        .containsEntry("ucode.launched_by.task", "a1,a2")
        .containsEntry("ucode.launched_by.tool_call", "t1,t2");
  }

  @Test
  void aModelCallThatNoPromptExplainsIsNotLost() throws IOException {
    session.says("m1", "who asked?");
    session.read(Closing.ENDED);
    assertThat(Session.names(session.traces().getFirst().spans()))
        .containsExactly("claude_code_conversation", "llm");
  }

  @Test
  void usageWithoutARecordIsToldOfTheTurn() throws IOException {
    session.prompt("one");
    session.says("m1", "hello");
    session.stopSummary();
    session.totals(10, 40);
    session.read(Closing.OPEN);
    assertThat(session.late()).as("all of it is in the records").isEmpty();
    session.prompt("two");
    session.says("m2", "again");
    session.stopSummary();
    session.totals(120, 85);
    session.read(Closing.OPEN);
    assertThat(session.late()).hasSize(1);
    assertThat(session.late().getFirst().traceId()).isEqualTo(session.traces().get(1).id());
    assertThat(session.late().getFirst().spans()).isEmpty();
    assertThat(session.late().getFirst().tags().get("ucode.unrecorded_usage"))
        .startsWith("{\"input_tokens\":100,\"output_tokens\":5,");
    session.read(Closing.ENDED);
    assertThat(session.late()).hasSize(1);
  }

  @Test
  void aTurnThatBeganOutsideOurWatchIsSkipped() throws IOException {
    session.prompt("theirs");
    session.says("m1", "private");
    session.totals(500, 500);
    session.later(60_000);
    session.firstSeen = session.now();
    session.prompt("ours");
    session.says("m2", "hello");
    session.stopSummary();
    session.totals(510, 540);
    Reading reading = session.read(Closing.ENDED);
    assertThat(reading.skippedTurns()).isEqualTo(1);
    assertThat(session.traces()).hasSize(1);
    assertThat(session.traces().getFirst().root().detail())
        .isEqualTo(new Detail.Turn("ours", "hello"));
    assertThat(session.late()).as("what theirs used is not known to us").isEmpty();
  }
}
