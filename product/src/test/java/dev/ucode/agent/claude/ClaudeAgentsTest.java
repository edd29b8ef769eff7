package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that agents start: in the foreground, in the background, resumed, killed, inline. */
class ClaudeAgentsTest {
  private static final Json.Obj NOTHING = Json.object().build();
  private static final Json.Obj TASK =
      Json.object().put("prompt", "look").put("subagent_type", "Explore").build();

  @TempDir Path folder;
  private Session session;

  @BeforeEach
  void begin() {
    session = new Session(folder);
  }

  /** A turn that starts an agent in the background and ends. */
  private void launch(String callId, String agentId) throws IOException {
    session.prompt("go");
    session.uses("m1-" + callId, "Agent", callId, TASK);
    session.launched(callId, agentId);
    session.says("m2-" + callId, "launched");
    session.stopSummary();
  }

  @Test
  void aBackgroundAgentThatEndsLaterSendsLateSpansUnderItsTool() throws IOException {
    launch("t1", "a1");
    Session agent = session.agent("a1");
    session.meta("a1", "t1", false);
    agent.prompt("look");
    agent.uses("s1", "Bash", "st1", NOTHING);
    Reading reading = session.read(Closing.OPEN);
    assertThat(reading.turnOpen()).isFalse();
    assertThat(reading.agentsRunning()).isEqualTo(1);
    Trace trace = session.traces().getFirst();
    assertThat(Session.names(trace.spans()))
        .containsExactly("claude_code_conversation", "llm", "tool_Agent", "llm");

    agent.result("st1", "seen");
    agent.says("s2", "found it");
    assertThat(session.read(Closing.OPEN).agentsRunning()).as("not said to be done").isEqualTo(1);
    session.meta("a1", "t1", true);
    reading = session.read(Closing.OPEN);
    assertThat(reading.agentsRunning()).isZero();
    TraceUpdate.Late late = session.late().getFirst();
    assertThat(late.traceId()).isEqualTo(trace.id());
    assertThat(late.tags()).containsEntry("ucode.late_spans", "4");
    Span agentSpan = Session.span(late.spans(), "subagent_Explore");
    assertThat(agentSpan.parent()).isEqualTo(Session.span(trace.spans(), "tool_Agent").id());
    assertThat(agentSpan.detail())
        .isEqualTo(new Detail.Subagent("a1", "Explore", null, "look", "found it", true));
    assertThat(late.spans()).filteredOn(s -> agentSpan.id().equals(s.parent())).hasSize(3);
    session.read(Closing.ENDED);
    assertThat(session.late()).hasSize(1);
  }

  @Test
  void aNotificationSaysThatAnAgentIsDoneWhereItsMetaDoesNot() throws IOException {
    launch("t1", "a1");
    Session agent = session.agent("a1");
    agent.prompt("look");
    agent.says("s1", "found it");
    assertThat(session.read(Closing.OPEN).agentsRunning()).isEqualTo(1);
    session.notification("a1", "t1");
    session.says("m3", "noted");
    session.stopSummary();
    assertThat(session.read(Closing.OPEN).agentsRunning()).isZero();
    assertThat(session.late()).hasSize(1);
    assertThat(session.traces().getLast().metadata())
        .containsEntry("ucode.launched_by.trace", session.traces().getFirst().id().hex());
  }

  @Test
  void anAgentThatNeverEndedIsSentAsItStandsWhenTheSessionEnds() throws IOException {
    launch("t1", "a1");
    Session agent = session.agent("a1");
    agent.prompt("look");
    agent.uses("s1", "Bash", "st1", NOTHING);
    session.read(Closing.OPEN);
    session.read(Closing.ENDED);
    assertThat(Session.span(session.late().getFirst().spans(), "subagent_Explore").outcome())
        .isEqualTo(new Outcome.Unfinished());
    assertThat(session.read(Closing.ENDED).agentsRunning()).isZero();
    assertThat(session.late()).hasSize(1);
  }

  @Test
  void anAgentThatWroteNothingIsNotWaitedForForEver() throws IOException {
    launch("t1", "a1");
    assertThat(session.read(Closing.OPEN).agentsRunning()).isEqualTo(1);
    assertThat(session.read(Closing.ENDED).agentsRunning()).isZero();
    assertThat(session.late()).isEmpty();
  }

  @Test
  void aResumedAgentsSecondRunIsUnderTheMessageThatResumedIt() throws IOException {
    session.prompt("go");
    session.uses("m1", "Agent", "t1", TASK);
    Session agent = session.agent("a1");
    session.meta("a1", "t1", true);
    agent.prompt("look");
    agent.says("s1", "first run");
    session.result("t1", Json.of("first run"), Json.object().put("agentId", "a1").build());
    session.says("m2", "done");
    session.stopSummary();
    session.read(Closing.OPEN);

    session.later(1000).prompt("once more");
    session.uses("m3", "SendMessage", "t2", NOTHING);
    session.result("t2", Json.of("resumed"), Json.object().put("resumedAgentId", "a1").build());
    session.says("m4", "waiting");
    session.stopSummary();
    agent.later(1000).prompt("again");
    agent.says("s2", "second run");
    session.read(Closing.OPEN);
    List<Span> second = session.traces().get(1).spans();
    Span run = Session.span(second, "subagent_Explore");
    assertThat(run.parent()).isEqualTo(Session.span(second, "tool_SendMessage").id());
    assertThat(run.detail())
        .isEqualTo(new Detail.Subagent("a1", "Explore", null, "again", "second run", true));
    assertThat(second.stream().filter(s -> Objects.equals(s.parent(), run.id()))).hasSize(1);
  }

  @Test
  void anAgentKilledWithItsSessionIsFoundByItsToolCall() throws IOException {
    session.prompt("go");
    session.uses("m1", "Agent", "t1", TASK);
    Session agent = session.agent("a1");
    session.meta("a1", "t1", false);
    agent.prompt("look");
    agent.uses("s1", "Bash", "st1", NOTHING);
    session.read(Closing.ENDED);
    List<Span> spans = session.traces().getFirst().spans();
    assertThat(Session.span(spans, "subagent_Explore").outcome())
        .isEqualTo(new Outcome.Unfinished());
    assertThat(Session.span(spans, "tool_Bash").parent())
        .isEqualTo(Session.span(spans, "subagent_Explore").id());
  }

  @Test
  void anInterruptedAgentIsInterruptedAndNotUnfinished() throws IOException {
    session.prompt("go");
    session.uses("m1", "Agent", "t1", TASK);
    Session agent = session.agent("a1");
    session.meta("a1", "t1", false);
    agent.prompt("look");
    agent.uses("s1", "Bash", "st1", NOTHING);
    session.later(5000).interrupted(true);
    session.read(Closing.ENDED);
    List<Span> spans = session.traces().getFirst().spans();
    for (String name : List.of("tool_Agent", "subagent_Explore", "tool_Bash")) {
      assertThat(Session.span(spans, name).outcome()).as(name).isEqualTo(new Outcome.Interrupted());
    }
  }

  @Test
  void recordsOfAgentsWithinTheSessionsFileAreTheirs() throws IOException {
    session.version = "1.0.98";
    session.prompt("go");
    session.says("m1", "tool_use", Session.use("Task", "t1", task("first")));
    session.says("m1", "tool_use", Session.use("Task", "t2", task("second")));
    side("c2", null, "user", "second");
    side("c2b", "c2", "assistant", "second done");
    session.result("t2", "second done");
    side("c1", null, "user", "first");
    side("c1b", "c1", "assistant", "first done");
    session.result("t1", "first done");
    session.says("m2", "both done");
    session.read(Closing.ENDED);
    assertThat(session.traces()).hasSize(1);
    List<Span> spans = session.traces().getFirst().spans();
    for (Span tool : spans) {
      if (tool.detail() instanceof Detail.ToolCall call) {
        Span agent =
            spans.stream().filter(s -> tool.id().equals(s.parent())).findFirst().orElseThrow();
        assertThat(((Detail.Subagent) agent.detail()).response())
            .isEqualTo(call.input().text("prompt") + " done");
        assertThat(spans).filteredOn(s -> agent.id().equals(s.parent())).hasSize(1);
      }
    }
    assertThat(Session.names(spans)).filteredOn("subagent_general"::equals).hasSize(2);
  }

  private static Json task(String prompt) {
    return Json.object().put("prompt", prompt).put("subagent_type", "general").build();
  }

  private void side(String id, @Nullable String parent, String type, String text)
      throws IOException {
    Json.Builder record =
        type.equals("user")
            ? session
                .record("user", id)
                .put("message", Json.object().put("role", "user").put("content", text).build())
            : session.answer("side-" + id, "end_turn", Session.text(text)).put("uuid", id);
    session.append(
        record
            .put("isSidechain", true)
            .put("parentUuid", parent == null ? Json.Null.NULL : Json.of(parent)));
  }
}
