package dev.ucode.sink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.name.AgentId;
import dev.ucode.sink.SpanContext;
import dev.ucode.sink.wire.Otlp.WireSpan;
import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.SampleTraces;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanAttributesTest {
  private static final SpanContext CONTEXT =
      new SpanContext(AgentId.CLAUDE, "2.1.330", SampleTraces.SESSION, "dev@acme.test");
  private final Trace trace = SampleTraces.turn("p", 1);

  @Test
  void theRootCarriesSessionAndUser() {
    WireSpan root = wire(trace.root());
    assertThat(json(root))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("ucode.timing", "\"derived\""),
                Map.entry("mlflow.spanType", "\"AGENT\""),
                Map.entry("mlflow.spanInputs", "{\"prompt\":\"do it\"}"),
                Map.entry("mlflow.spanOutputs", "{\"status\":\"completed\",\"response\":\"done\"}"),
                Map.entry("session.id", "\"7aa7a001-0da3-4036-9df6-c70bd2710f97\""),
                Map.entry("user.id", "\"dev@acme.test\""),
                Map.entry("gen_ai.operation.name", "\"invoke_agent\""),
                Map.entry("gen_ai.agent.name", "\"claude-code\""),
                Map.entry("gen_ai.conversation.id", "\"7aa7a001-0da3-4036-9df6-c70bd2710f97\"")));
    assertThat(root.status()).isEqualTo(Otlp.Status.OK);
    assertThat(root.kind()).isEqualTo(Otlp.Kind.INTERNAL);
  }

  @Test
  void aModelCallCountsCachedTokensAsEachSideDoes() {
    WireSpan call = wire(trace.spans().get(1));
    assertThat(call.kind()).isEqualTo(Otlp.Kind.CLIENT);
    assertThat(json(call))
        .containsEntry("mlflow.spanType", "\"LLM\"")
        .containsEntry(
            "mlflow.chat.tokenUsage",
            "{\"input_tokens\":12,\"output_tokens\":34,\"total_tokens\":46,"
                + "\"cache_read_input_tokens\":500,\"cache_creation_input_tokens\":60}")
        .containsEntry("gen_ai.usage.input_tokens", "572")
        .containsEntry("gen_ai.usage.output_tokens", "34")
        .containsEntry("gen_ai.usage.cache_read.input_tokens", "500")
        .containsEntry("gen_ai.usage.cache_write.input_tokens", "60")
        .containsEntry("ucode.usage.quality", "\"exact\"")
        .containsEntry("mlflow.llm.model", "\"claude-opus-5-5\"")
        .containsEntry("gen_ai.response.finish_reasons", "[\"end_turn\"]")
        .containsEntry("mlflow.message.format", "\"anthropic\"")
        .containsEntry(
            "mlflow.spanInputs",
            "{\"model\":\"claude-opus-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"do"
                + " it\"}]}");
  }

  @Test
  void aToolIsNamedForBothConventions() {
    assertThat(json(wire(trace.spans().get(2))))
        .containsEntry("mlflow.spanType", "\"TOOL\"")
        .containsEntry("mlflow.spanInputs", "{\"command\":\"echo hello\"}")
        .containsEntry("mlflow.spanOutputs", "{\"result\":\"hello\"}")
        .containsEntry("tool_name", "\"Bash\"")
        .containsEntry("gen_ai.tool.name", "\"Bash\"")
        .containsEntry("gen_ai.tool.call.id", "\"toolu_0\"");
  }

  @Test
  void aFailureIsAnExceptionEventBesideTheOthers() {
    Event retry = new Event("api_retry", SampleTraces.START, Json.object().build());
    Span failed =
        SampleTraces.with(trace.spans().get(1), new Outcome.Failed("rate_limit", "slow"), retry);
    WireSpan wire = wire(failed);
    assertThat(wire.status()).isEqualTo(Otlp.Status.ERROR);
    assertThat(wire.statusMessage()).isEqualTo("slow");
    assertThat(json(wire)).containsEntry("error.type", "\"rate_limit\"");
    assertThat(wire.events().stream().map(Otlp.WireEvent::name))
        .containsExactly("api_retry", "exception");
    assertThat(wire.events().get(1).attributes())
        .containsEntry("exception.type", Json.of("rate_limit"))
        .containsEntry("exception.message", Json.of("slow"));
  }

  @Test
  void anInterruptIsNotAnError() {
    WireSpan wire = wire(SampleTraces.with(trace.root(), new Outcome.Interrupted()));
    assertThat(wire.status()).isEqualTo(Otlp.Status.UNSET);
    assertThat(json(wire))
        .containsEntry("ucode.outcome", "\"interrupted\"")
        .containsEntry("mlflow.spanOutputs", "{\"status\":\"interrupted\",\"response\":\"done\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // a string, and an assistant's blocks
        "{\"role\":\"user\",\"content\":\"x\"}|{\"role\":\"user\",\"content\":\"x\"}",
        "{\"role\":\"assistant\",\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"t\",\"citations\":null}]}"
            + "|{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"t\"}]}",
        // a result of several parts becomes one string
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"is_error\":true,\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"source\":{}},{\"type\":\"x\"}]}]}|{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"a\\n"
            + "[image]\\n"
            + "{\\\"type\\\":\\\"x\\\"}\",\"is_error\":true}]}",
        // thinking keeps its text, not its signature
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"}]}"
            + "|{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"}]}",
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"zzz\"}]}|{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"[thinking,"
            + " encrypted by the provider]\"}]}",
        // an unknown block is text
        "{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"title\":\"d\"}]}"
            + "|{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"{\\\"type\\\":\\\"document\\\",\\\"title\\\":\\\"d\\\"}\"}]}",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"N\",\"input\":{\"a\":1},\"caller\":{}}]}"
            + "|{\"role\":\"user\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"N\",\"input\":{\"a\":1}}]}",
      })
  void messagesAreWhatTheChatViewKnows(String given, String shown) throws Exception {
    Json.Arr wire = (Json.Arr) JsonReader.parse("[" + given + "]");
    assertThat(ChatMessages.of(wire).messages().write()).isEqualTo("[" + shown + "]");
  }

  @Test
  void systemMessagesMoveToTheirOwnAttribute() {
    Span call =
        SampleTraces.span(
            trace.spans().get(1).id(),
            trace.root().id(),
            "llm",
            SampleTraces.START,
            SampleTraces.call(
                "msg_1",
                "[{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"be kind\"}]},"
                    + "{\"role\":\"user\",\"content\":\"x\"}]"));
    assertThat(json(wire(call)))
        .containsEntry(
            "gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"be kind\"}]")
        .containsEntry(
            "mlflow.spanInputs",
            "{\"model\":\"claude-opus-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
  }

  private WireSpan wire(Span span) {
    return SpanAttributes.wire(trace.id(), span, CONTEXT, Map.of());
  }

  private static Map<String, String> json(WireSpan span) {
    Map<String, String> text = new java.util.LinkedHashMap<>();
    span.attributes().forEach((name, value) -> text.put(name, value.write()));
    return text;
  }
}
