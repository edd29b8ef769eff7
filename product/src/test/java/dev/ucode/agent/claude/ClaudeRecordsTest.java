package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.TokenUsage;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What single records mean. */
class ClaudeRecordsTest {
  @TempDir Path folder;
  private Session session;

  @BeforeEach
  void begin() throws IOException {
    session = new Session(folder);
    session.prompt("go");
  }

  @Test
  void anMcpToolNamesItsServer() throws IOException {
    session.uses("m1", "mcp__linear-server__create_issue", "t1", Json.object().build());
    assertThat(
            ((Detail.ToolCall) span("tool_mcp__linear-server__create_issue").detail()).mcpServer())
        .isEqualTo("linear-server");
  }

  @Test
  void usageThatAStreamBeganWithIsAPlaceholder() throws IOException {
    assertThat(quality(null, 3)).isEqualTo(TokenUsage.Quality.PLACEHOLDER);
    assertThat(quality(null, 1483)).isEqualTo(TokenUsage.Quality.EXACT);
    assertThat(quality("end_turn", 3)).isEqualTo(TokenUsage.Quality.EXACT);
  }

  private TokenUsage.Quality quality(@Nullable String stopReason, long output) throws IOException {
    String id = "m" + stopReason + output;
    Json usage = Json.object().put("input_tokens", 1).put("output_tokens", output).build();
    session.append(
        session
            .record("assistant", id)
            .put(
                "message",
                Json.object()
                    .put("id", id)
                    .put("content", Json.array(Session.text("x")))
                    .putIfPresent("stop_reason", stopReason)
                    .put("usage", usage)
                    .build()));
    Detail call = spans().getLast().detail();
    session.prompt("next");
    return ((Detail.ModelCall) call).usage().quality();
  }

  @Test
  void partsOfOneAnswerAreOneCallAndTheLastUsageCounts() throws IOException {
    session.says("m1", null, Session.text("a"));
    session.uses("m1", "Bash", "t1", Json.object().build());
    session.result("t1", "x");
    session.uses("m1", "Bash", "t2", Json.object().build());
    session.result("t2", "y");
    session.says("m2", "done");
    List<Span> spans = spans();
    assertThat(Session.names(spans))
        .containsExactly("claude_code_conversation", "llm", "tool_Bash", "tool_Bash", "llm");
    Detail.ModelCall first = (Detail.ModelCall) spans.get(1).detail();
    assertThat(first.output().items()).hasSize(3);
    assertThat(first.usage().output()).isEqualTo(40);
    assertThat(((Detail.ModelCall) spans.getLast().detail()).input().items()).hasSize(2);
  }

  @Test
  void anAnswerWithoutAnIdGoesByItsRequest() throws IOException {
    for (String block : List.of("a", "b")) {
      session.append(
          session
              .record("assistant", "r" + block)
              .put("requestId", "req_1")
              .put(
                  "message",
                  Json.object().put("content", Json.array(Session.text(block))).build()));
    }
    List<Span> spans = spans();
    assertThat(spans).hasSize(2);
    assertThat(((Detail.ModelCall) spans.get(1).detail()).messageId()).isEqualTo("req_1");
    assertThat(((Detail.ModelCall) spans.get(1).detail()).usage()).isEqualTo(TokenUsage.UNKNOWN);
  }

  @Test
  void aRepeatedRecordCountsOnce() throws IOException {
    String line = session.answer("m1", "end_turn", Session.text("a")).build().write();
    session.line(line);
    session.line(line);
    assertThat(((Detail.ModelCall) spans().get(1).detail()).output().items()).hasSize(1);
  }

  @Test
  void aToolTheUserDidNotAllowIsRejectedAndTheTurnGoesOn() throws IOException {
    session.uses("m1", "Bash", "t1", Json.object().build());
    session.result("t1", Json.of("The user doesn't want…"), Json.of("User rejected tool use"));
    session.says("m2", "then not");
    assertThat(span("tool_Bash").outcome())
        .isEqualTo(new Outcome.Failed("rejected", "The user doesn't want…"));
    assertThat(spans().getFirst().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void unknownRecordsAreCountedOnceHoweverOftenTheyAreRead() throws IOException {
    session.line("{\"type\":\"brand-new\",\"x\":1}");
    session.line("{\"type\":\"system\",\"subtype\":\"novelty\"}");
    session.line("{\"type\":\"attachment\",\"attachment\":{\"type\":\"surprise\"}}");
    session.line("no json at all");
    Reading first = session.read(Closing.OPEN);
    assertThat(first.unknownRecords())
        .containsOnlyKeys("brand-new", "system/novelty", "attachment/surprise");
    assertThat(first.unreadableLines()).isEqualTo(1);
    session.line("{\"type\":\"brand-new\"}");
    Reading second = session.read(Closing.OPEN);
    assertThat(second.unknownRecords()).containsOnlyKeys("brand-new").containsEntry("brand-new", 1);
    assertThat(second.unreadableLines()).isZero();
  }

  @Test
  void timesThatGoBackMakeNoNegativeSpans() throws IOException {
    session.later(-60_000);
    session.uses("m1", "Bash", "t1", Json.object().build());
    session.later(-60_000);
    session.result("t1", "x");
    session.says("m2", "done");
    assertThat(spans()).hasSize(4);
  }

  @Test
  void aMessageGivenWhileItWorkedIsNewToTheNextCall() throws IOException {
    session.uses("m1", "Bash", "t1", Json.object().build());
    session.line(
        "{\"type\":\"queue-operation\",\"operation\":\"enqueue\",\"content\":\"also this\"}");
    session.result("t1", "x");
    session.append(
        session
            .record("attachment", "att")
            .put(
                "attachment",
                Json.object().put("type", "queued_command").put("prompt", "also this").build()));
    session.says("m2", "done");
    Detail.ModelCall second = (Detail.ModelCall) spans().getLast().detail();
    assertThat(second.input().items().getLast().text("content")).isEqualTo("also this");
    assertThat(session.traces()).hasSize(1);
  }

  private List<Span> spans() throws IOException {
    session.read(Closing.ENDED);
    return session.traces().getLast().spans();
  }

  private Span span(String name) throws IOException {
    return Session.span(spans(), name);
  }
}
