package dev.ucode.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.console.Recorded;
import dev.ucode.history.TurnTree;
import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Ids;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnViewTest {
  private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");
  private static final TraceId ID = Ids.trace(AgentId.CLAUDE, "u");
  private static final SpanId ROOT = Ids.span(ID, Ids.Kind.TURN, "");

  @Test
  void aTurnIsATreeWithTimesTokensAndOutcomes() {
    Recorded recorded = Recorded.terminal(110);
    new TurnView(recorded.console().out(), ZoneOffset.UTC).print(TurnTree.of(trace()));
    assertThat(recorded.out())
        .isEqualTo(
            """
            trace 66502cfdd96e51da2b04ca0955b79587  claude
            prompt   please look around
            session  s-1
            started  2026-01-02 03:04:05, took 4.0 s, 6 spans
            tokens   ≥1,240 in, 75 out, 9,000 read from cache, 600 written to it

            claude_code_conversation                            +0 ms     4.0 s  ████████████████████
            ├─ • api_retry  attempt=1  status=529               +5 ms
            ├─ llm  claude-opus-5                              +10 ms    890 ms  ████▌                     10.8k → 50
            ├─ ✘ tool_Bash  ls -la /nowhere                   +900 ms   ~500 ms      ▐██
            │    tool_error: ls: cannot access '/nowhere'
            └─ tool_Agent  Count the files                     +1.5 s    ~2.0 s         ▐█████████▌
               └─ subagent_general-purpose  Count the files    +1.6 s     1.8 s          █████████
                  └─ llm  claude-opus-5                        +1.7 s     1.6 s          ▐███████▌           ≥40 → 25

            ~ derived from neighbouring records; ≥ counts from before the stream ended
            """);
  }

  @Test
  void itFitsANarrowTerminal() {
    Recorded recorded = Recorded.terminal(50);
    new TurnView(recorded.console().out(), ZoneOffset.UTC).print(TurnTree.of(trace()));
    assertThat(recorded.out().lines())
        .allMatch(line -> line.codePointCount(0, line.length()) <= 50);
  }

  @Test
  void whatAModelWroteControlsNothing() {
    Recorded recorded = Recorded.piped();
    Span odd =
        span(
            "t9",
            ROOT,
            "tool_\u001b[2JX",
            0,
            10,
            new Detail.ToolCall(
                "X",
                "t9",
                null,
                Json.object().put("command", "a\u001b]0;title\u0007b").build(),
                null),
            new Outcome.Failed("bad\u001b[31m", "line\rone"));
    Trace trace = trace(List.of(root(), odd));
    new TurnView(recorded.console().out(), ZoneOffset.UTC).print(TurnTree.of(trace));
    assertThat(recorded.out())
        .doesNotContain("\u001b")
        .doesNotContain("\u0007")
        .contains("\\u001b");
  }

  @Test
  void programsGetTheSameAsJson() {
    Json.Obj json = TurnView.json(TurnTree.of(trace()));
    assertThat(json.items("spans")).hasSize(6);
    assertThat(json.items("spans").get(1).text("parent_span_id")).isEqualTo(ROOT.hex());
    assertThat(json.at("tokens", "quality")).isEqualTo(Json.of("placeholder"));
    assertThat(json.number("duration_ms")).isEqualTo(4000);
  }

  @Test
  void spansWithoutTheirParentAreShownAtTheEnd() {
    Span lost =
        span("t9", Ids.span(ID, Ids.Kind.SUBAGENT, "gone"), "llm", 1, 2, call(5, 5), Outcome.OK);
    TurnTree tree = TurnTree.of(trace(List.of(root(), lost)));
    assertThat(tree.roots()).hasSize(2);
    assertThat(tree.all()).hasSize(2);
  }

  private static Trace trace() {
    Span agentTool =
        span(
            "t2",
            ROOT,
            "tool_Agent",
            1500,
            3500,
            new Detail.ToolCall(
                "Agent",
                "t2",
                null,
                Json.object().put("description", "Count the files").build(),
                Json.of("3 files")),
            Outcome.OK);
    Span agent =
        span(
            "a1",
            agentTool.id(),
            "subagent_general-purpose",
            1600,
            3400,
            new Detail.Subagent("a1", "general-purpose", "Count the files", "p", "r", false),
            Outcome.OK);
    Span inner = span("m2", agent.id(), "llm", 1700, 3300, call(40, 25), Outcome.OK);
    return trace(
        List.of(
            root(),
            span("m1", ROOT, "llm", 10, 900, call(1200, 50), Outcome.OK),
            span(
                "t1",
                ROOT,
                "tool_Bash",
                900,
                1400,
                new Detail.ToolCall(
                    "Bash",
                    "t1",
                    null,
                    Json.object().put("command", "ls -la /nowhere").build(),
                    Json.of("no such folder")),
                new Outcome.Failed("tool_error", "ls: cannot access '/nowhere'")),
            agentTool,
            agent,
            inner));
  }

  private static Trace trace(List<Span> spans) {
    return new Trace(
        ID,
        new SessionId("s-1"),
        AgentId.CLAUDE,
        "u",
        T,
        T.plusMillis(4000),
        Trace.State.OK,
        spans,
        Map.of(),
        Map.of());
  }

  private static Span root() {
    return new Span(
        ROOT,
        null,
        "claude_code_conversation",
        T,
        T.plusMillis(4000),
        Timing.MEASURED,
        Outcome.OK,
        new Detail.Turn("please look\naround", "done"),
        List.of(
            new Event(
                "api_retry",
                T.plusMillis(5),
                Json.object().put("retry.attempt", 1).put("status", 529).build())),
        Json.object().build());
  }

  private static Detail.ModelCall call(long input, long output) {
    TokenUsage usage =
        output == 25
            ? new TokenUsage(TokenUsage.Quality.PLACEHOLDER, input, output, 0, 0)
            : new TokenUsage(TokenUsage.Quality.EXACT, input, output, 9000, 600);
    return new Detail.ModelCall(
        "claude-opus-5",
        "anthropic",
        "m",
        null,
        Json.array(),
        Json.array(),
        "anthropic",
        "end_turn",
        usage);
  }

  private static Span span(
      String own,
      @Nullable SpanId parent,
      String name,
      long from,
      long to,
      Detail detail,
      Outcome outcome) {
    return new Span(
        Ids.span(ID, Ids.Kind.TOOL_CALL, own),
        parent,
        name,
        T.plusMillis(from),
        T.plusMillis(to),
        detail instanceof Detail.ToolCall ? Timing.DERIVED : Timing.MEASURED,
        outcome,
        detail,
        List.of(),
        Json.object().build());
  }
}
