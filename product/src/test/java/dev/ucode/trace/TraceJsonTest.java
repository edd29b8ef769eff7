package dev.ucode.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TraceJsonTest {
  private static final Json.Obj NOTHING = Json.object().build();

  @Property(tries = 300)
  void aTraceComesBackAsItWas(@ForAll("traces") Trace trace) throws IOException {
    assertThat(TraceJson.readTrace(again(TraceJson.write(trace)))).isEqualTo(trace);
    TraceUpdate closed = new TraceUpdate.Closed(trace);
    assertThat(TraceJson.readUpdate(again(TraceJson.write(closed)))).isEqualTo(closed);
    TraceUpdate late =
        new TraceUpdate.Late(
            trace.id(), trace.session(), trace.agent(), trace.spans(), trace.tags());
    assertThat(TraceJson.readUpdate(again(TraceJson.write(late)))).isEqualTo(late);
  }

  @Test
  void aNullResultAndNoResultDiffer() {
    Span none = span(new Detail.ToolCall("Bash", "t1", null, NOTHING, null));
    Span jsonNull = span(new Detail.ToolCall("Bash", "t1", null, NOTHING, Json.Null.NULL));
    assertThat(TraceJson.readSpan(TraceJson.write(none))).isEqualTo(none);
    assertThat(TraceJson.readSpan(TraceJson.write(jsonNull)))
        .isEqualTo(jsonNull)
        .isNotEqualTo(none);
  }

  @Test
  void whatWasNotWrittenHereIsRefusedWithTheMember() throws IOException {
    assertThatThrownBy(() -> TraceJson.readTrace(NOTHING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'id'");
    Json.Obj good = TraceJson.write(span(new Detail.Turn("p", "r")));
    for (String member : good.members().keySet()) {
      if (member.equals("parent") || member.equals("events")) {
        continue;
      }
      Map<String, Json> rest = new LinkedHashMap<>(good.members());
      rest.remove(member);
      assertThatThrownBy(() -> TraceJson.readSpan(new Json.Obj(rest)))
          .as(member)
          .isInstanceOf(IllegalArgumentException.class);
    }
    Json other = JsonReader.parse("{\"is\":\"future\"}");
    assertThatThrownBy(() -> TraceJson.readUpdate(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("future");
  }

  private static Json again(Json written) throws IOException {
    return JsonReader.parse(written.write());
  }

  private static Span span(Detail detail) {
    Instant now = Instant.parse("2026-11-22T20:26:32.123456789Z");
    return new Span(
        new SpanId("0123456789abcdef"),
        null,
        "x",
        now,
        now,
        Timing.UNKNOWN,
        Outcome.OK,
        detail,
        List.of(),
        NOTHING);
  }

  @Provide
  Arbitrary<Trace> traces() {
    Arbitrary<Map<String, String>> facts =
        Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(5), texts()).ofMaxSize(3);
    return Combinators.combine(
            hex(32), texts(), times(), spans().list().ofMinSize(1).ofMaxSize(4), facts, facts)
        .as(
            (id, text, start, spans, metadata, tags) ->
                new Trace(
                    new TraceId(id),
                    new SessionId(text),
                    AgentId.CLAUDE,
                    text,
                    start,
                    start.plusNanos(text.length()),
                    text.isEmpty() ? Trace.State.ERROR : Trace.State.OK,
                    spans,
                    metadata,
                    tags));
  }

  private Arbitrary<Span> spans() {
    return Combinators.combine(
            hex(16),
            hex(16).optional(),
            times(),
            details(),
            outcomes(),
            trees(),
            Arbitraries.of(Timing.class))
        .as(
            (id, parent, start, detail, outcome, tree, timing) ->
                new Span(
                    new SpanId(id),
                    parent.map(SpanId::new).orElse(null),
                    "n" + id,
                    start,
                    start.plusNanos(id.charAt(0)),
                    timing,
                    outcome,
                    detail,
                    List.of(new Event("e", start, tree)),
                    tree));
  }

  private Arbitrary<Detail> details() {
    Arbitrary<Optional<String>> maybe = texts().optional();
    Arbitrary<Detail> turn = Combinators.combine(texts(), texts()).as(Detail.Turn::new);
    Arbitrary<TokenUsage> usage =
        Combinators.combine(
                Arbitraries.of(TokenUsage.Quality.class), Arbitraries.longs().greaterOrEqual(0))
            .as((quality, n) -> new TokenUsage(quality, n, n / 2, n / 3, n / 5));
    Arbitrary<Detail> model =
        Combinators.combine(texts(), maybe, trees(), usage)
            .as(
                (text, other, tree, tokens) ->
                    new Detail.ModelCall(
                        other.orElse(null),
                        text,
                        text,
                        other.orElse(null),
                        Json.array(tree),
                        Json.array(),
                        "anthropic",
                        other.orElse(null),
                        tokens));
    Arbitrary<Detail> tool =
        Combinators.combine(texts(), maybe, trees(), trees().optional())
            .as(
                (text, other, in, out) ->
                    new Detail.ToolCall(text, text, other.orElse(null), in, out.orElse(null)));
    Arbitrary<Detail> agent =
        Combinators.combine(texts(), maybe, texts())
            .as(
                (text, other, last) ->
                    new Detail.Subagent(
                        text, last, other.orElse(null), text, last, text.isEmpty()));
    return Arbitraries.oneOf(List.of(turn, model, tool, agent));
  }

  private Arbitrary<Outcome> outcomes() {
    return Combinators.combine(Arbitraries.integers().between(0, 3), texts())
        .as(
            (n, text) ->
                switch (n) {
                  case 0 -> Outcome.OK;
                  case 1 -> new Outcome.Failed(text, text);
                  case 2 -> new Outcome.Interrupted();
                  default -> new Outcome.Unfinished();
                });
  }

  /** Names of members hold no lone surrogates: the reader refuses those. */
  private Arbitrary<Json.Obj> trees() {
    return texts()
        .list()
        .ofMaxSize(3)
        .map(
            words -> {
              Json.Builder out = Json.object();
              List<Json> items = new ArrayList<>();
              for (String word : words) {
                items.add(Json.of(word));
                out.put(word.replaceAll("\\p{Cs}", "?"), new Json.Num("1.50e3"));
              }
              return out.put("items", items).put("null", Json.Null.NULL).build();
            });
  }

  /** Any UTF-16, lone surrogates and NULs too. */
  private Arbitrary<String> texts() {
    return Arbitraries.strings().all().ofMaxLength(8);
  }

  private Arbitrary<String> hex(int length) {
    return Arbitraries.strings().withChars("0123456789abcdef").ofLength(length);
  }

  private Arbitrary<Instant> times() {
    return Arbitraries.longs()
        .between(0, 4_000_000_000_000_000_000L)
        .map(n -> Instant.ofEpochSecond(n / 1_000_000_000, n % 1_000_000_000));
  }
}
