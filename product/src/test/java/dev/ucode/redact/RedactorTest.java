package dev.ucode.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Ids;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static final String TOKEN = "dapi0123456789abcdef0123456789abcdef";
  private static final String AWS = "AKIAIOSFODNN7EXAMPLE";
  private static final String ID = "AKIA0ID0ID0ID0ID0ID0";
  private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");

  private final Redactor redacted = new Redactor(Mode.REDACTED, new byte[32]);

  @Test
  void everyPieceOfContentIsMaskedAndTheRestStays() throws JsonSyntaxException {
    Trace trace = trace();
    Redaction result = redacted.apply(new TraceUpdate.Closed(trace));
    Trace clean = ((TraceUpdate.Closed) result.update()).trace();
    assertThat(clean.toString())
        .doesNotContain(TOKEN)
        .doesNotContain(AWS)
        .doesNotContain("hunter2");
    assertThat(clean.id()).isEqualTo(trace.id());
    assertThat(clean.spans()).hasSameSizeAs(trace.spans());
    Detail.ModelCall call = (Detail.ModelCall) clean.spans().get(1).detail();
    Json thinking = call.output().items().getFirst();
    assertThat(thinking.text("signature")).isEqualTo(ID + "/+" + ID);
    assertThat(call.messageId()).isEqualTo("msg_1");
    assertThat(call.output().items().get(1).text("id")).isEqualTo("toolu_" + ID);
    assertThat(call.output().items().get(1).at("input", "password"))
        .isInstanceOfSatisfying(
            Json.Str.class, s -> assertThat(s.value()).startsWith("[REDACTED:secret:"));
    assertThat(call.input().write()).contains("\"data\":\"" + ID);
    assertThat(clean.metadata().get("mlflow.source.git.repoURL"))
        .startsWith("https://x:[REDACTED:databricks-token:")
        .endsWith("@github.com/a/b.git");
    assertThat(result.masked()).containsKeys("aws-access-key", "databricks-token", "secret");
  }

  @Test
  void metadataModeLetsNoContentThrough() throws JsonSyntaxException {
    Trace clean =
        ((TraceUpdate.Closed)
                new Redactor(Mode.METADATA, new byte[32])
                    .apply(new TraceUpdate.Closed(trace()))
                    .update())
            .trace();
    assertThat(clean.toString())
        .doesNotContain("please")
        .doesNotContain("hunter2")
        .doesNotContain("the answer")
        .doesNotContain("half done")
        .doesNotContain("think hard")
        .doesNotContain("hook said");
    Detail.ToolCall tool = (Detail.ToolCall) clean.spans().get(2).detail();
    assertThat(tool.name()).isEqualTo("Bash");
    assertThat(tool.result()).isNull();
    assertThat(clean.spans().get(2).outcome()).isEqualTo(new Outcome.Failed("tool_error", ""));
    assertThat(clean.spans().get(2).extra().members()).containsOnlyKeys("claude.exit");
    assertThat(clean.usage().input()).isEqualTo(7);
  }

  @Test
  void fullModeChangesNothing() throws JsonSyntaxException {
    TraceUpdate update = new TraceUpdate.Closed(trace());
    assertThat(new Redactor(Mode.FULL, new byte[32]).apply(update).update()).isSameAs(update);
  }

  @Test
  void spansThatComeLateAreMaskedToo() throws JsonSyntaxException {
    Trace trace = trace();
    TraceUpdate late =
        new TraceUpdate.Late(
            trace.id(),
            trace.session(),
            trace.agent(),
            trace.spans().subList(1, 3),
            Map.of("note", "token=" + TOKEN));
    assertThat(redacted.apply(late).update().toString())
        .doesNotContain(TOKEN)
        .doesNotContain("hunter2");
  }

  @Test
  void masksTwiceAsOnce() throws JsonSyntaxException {
    TraceUpdate once = redacted.apply(new TraceUpdate.Closed(trace())).update();
    assertThat(redacted.apply(once).update()).isEqualTo(once);
    assertThat(redacted.apply(once).masked()).isEmpty();
  }

  @Test
  void wordsOfACommandKnowTheirOption() throws JsonSyntaxException {
    Json.Obj input = object("{\"argv\":[\"login\",\"--password\",\"hunter2\",\"--user\",\"me\"]}");
    assertThat(tool(input).input().write())
        .contains("--password\",\"[REDACTED:")
        .contains("\"me\"");
  }

  private Detail.ToolCall tool(Json.Obj input) {
    TraceId id = Ids.trace(AgentId.CLAUDE, "u");
    Detail detail = new Detail.ToolCall("t", "c", null, input, null);
    TraceUpdate update =
        new TraceUpdate.Late(
            id,
            new SessionId("s"),
            AgentId.CLAUDE,
            List.of(span(id, "x", detail, object())),
            Map.of());
    TraceUpdate.Late clean = (TraceUpdate.Late) redacted.apply(update).update();
    return (Detail.ToolCall) clean.spans().getFirst().detail();
  }

  private static Trace trace() throws JsonSyntaxException {
    TraceId id = Ids.trace(AgentId.CLAUDE, "uuid");
    Detail turn = new Detail.Turn("please use " + TOKEN, "the answer is password=hunter2");
    Detail call =
        new Detail.ModelCall(
            "m",
            "anthropic",
            "msg_1",
            "req_" + ID,
            array(
                "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"please "
                    + TOKEN
                    + "\"},{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":"
                    + "\"image/png\",\"data\":\""
                    + ID
                    + "\"}}]}]"),
            array(
                "[{\"type\":\"thinking\",\"thinking\":\"think hard "
                    + AWS
                    + "\",\"signature\":\""
                    + ID
                    + "/+"
                    + ID
                    + "\"},{\"type\":\"tool_use\",\"id\":\"toolu_"
                    + ID
                    + "\",\"name\":\"Bash\",\"input\":{\"command\":\"echo "
                    + AWS
                    + "\",\"password\":\"hunter2\"}}]"),
            "anthropic",
            "tool_use",
            new TokenUsage(TokenUsage.Quality.EXACT, 7, 5, 0, 0));
    Detail tool =
        new Detail.ToolCall(
            "Bash",
            "toolu_1",
            null,
            object("{\"command\":\"echo " + AWS + " password=hunter2\"}"),
            Json.of(AWS + " password=hunter2"));
    Span bash =
        new Span(
            Ids.span(id, Ids.Kind.TOOL_CALL, "toolu_1"),
            Ids.span(id, Ids.Kind.TURN, ""),
            "tool_Bash",
            T,
            T,
            Timing.DERIVED,
            new Outcome.Failed("tool_error", "half done with " + TOKEN),
            tool,
            List.of(new Event("retry", T, object("{\"message\":\"hook said " + TOKEN + "\"}"))),
            object("{\"claude.exit\":1,\"claude.stderr\":\"please " + TOKEN + "\"}"));
    return new Trace(
        id,
        new SessionId("s"),
        AgentId.CLAUDE,
        "uuid",
        T,
        T,
        Trace.State.OK,
        List.of(
            new Span(
                Ids.span(id, Ids.Kind.TURN, ""),
                null,
                "claude_code_conversation",
                T,
                T,
                Timing.MEASURED,
                Outcome.OK,
                turn,
                List.of(),
                object()),
            span(id, "m", call, object()),
            bash),
        Map.of("mlflow.source.git.repoURL", "https://x:" + TOKEN + "@github.com/a/b.git"),
        Map.of("t", "v"));
  }

  private static Span span(TraceId id, String own, Detail detail, Json.Obj extra) {
    return new Span(
        Ids.span(id, Ids.Kind.MODEL_CALL, own),
        Ids.span(id, Ids.Kind.TURN, ""),
        "llm",
        T,
        T,
        Timing.MEASURED,
        Outcome.OK,
        detail,
        List.of(),
        extra);
  }

  private static Json.Obj object() {
    return Json.object().build();
  }

  private static Json.Obj object(String text) throws JsonSyntaxException {
    return (Json.Obj) JsonReader.parse(text);
  }

  private static Json.Arr array(String text) throws JsonSyntaxException {
    return (Json.Arr) JsonReader.parse(text);
  }
}
