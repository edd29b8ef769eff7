package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What MLflow's own hook (3.11.1) made of the same sessions: each of its spans is among ours. */
class BesideMlflowTest {
  private static final Path HOOK = Path.of("../../shared/captures/mlflow-uc/hook");

  @TestFactory
  Stream<DynamicTest> everySpanOfTheHookIsAmongOurs() throws IOException {
    assumeTrue(
        Files.isDirectory(HOOK),
        "SKIPPED: no recordings of MLflow's hook at " + HOOK.toAbsolutePath());
    try (Stream<Path> files = Files.list(HOOK)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }
  }

  private static void check(Path file) throws IOException {
    String scenario = file.getFileName().toString().replace(".json", "");
    List<Span> ours = ours(Recorded.SCENARIOS.resolve("2.1.330").resolve(scenario));
    for (Json theirs : JsonReader.parse(Files.readAllBytes(file)).items("spans")) {
      String name = theirs.text("name", "");
      assertThat(ours).as(name).anySatisfy(span -> same(span, name, theirs));
    }
  }

  private static void same(Span span, String name, Json theirs) {
    assertThat(span.name()).isEqualTo(name);
    switch (span.detail()) {
      case Detail.Turn turn -> {
        String prompt = at(attribute(theirs, "mlflow.spanInputs"), "prompt");
        // Of a turn that was interrupted it takes the marker for the prompt.
        assertThat(prompt)
            .satisfiesAnyOf(
                text -> assertThat(turn.prompt()).contains(text), // of two notifications it has one
                text -> assertThat(text).startsWith("[Request interrupted"));
      }
      case Detail.ModelCall call -> {
        Json output = attribute(theirs, "mlflow.spanOutputs");
        String text = ClaudeContent.text(output == null ? List.of() : output.items("content"));
        String said = ClaudeContent.text(call.output().items());
        assertThat(
                span.outcome() instanceof Outcome.Failed(String type, String message)
                    ? message
                    : said)
            .isEqualTo(text);
      }
      case Detail.ToolCall call -> {
        Json id = attribute(theirs, "tool_id");
        assertThat(call.callId()).isEqualTo(id == null ? null : id.asText());
        assertThat(call.input()).isEqualTo(attribute(theirs, "mlflow.spanInputs"));
      }
      case Detail.Subagent agent -> assertThat(name).as("the hook makes none").isEmpty();
    }
  }

  private static List<Span> ours(Path scenario) throws IOException {
    Recorded.Ledger ledger = new Recorded.Ledger();
    for (Path file : Recorded.mainFiles(scenario)) {
      Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, ledger);
    }
    List<Span> spans = new ArrayList<>();
    for (TraceUpdate update : ledger.updates) {
      if (update instanceof TraceUpdate.Closed(Trace trace)) {
        spans.addAll(trace.spans());
      }
    }
    return spans;
  }

  private static @Nullable String at(@Nullable Json from, String name) {
    return from == null ? null : from.text(name);
  }

  private static @Nullable Json attribute(Json span, String key) {
    for (Json attribute : span.items("attributes")) {
      Json value = attribute.get("value");
      if (attribute.text("key", "").equals(key) && value != null) {
        return plain(value);
      }
    }
    return null;
  }

  /** An OTLP value as the JSON it stands for. */
  private static Json plain(Json value) {
    Json object = value.get("kvlist_value");
    if (object != null) {
      Json.Builder members = Json.object();
      for (Json member : object.items("values")) {
        Json inner = member.get("value");
        members.put(member.text("key", ""), inner == null ? Json.Null.NULL : plain(inner));
      }
      return members.build();
    }
    Json list = value.get("array_value");
    if (list != null) {
      return new Json.Arr(list.items("values").stream().map(BesideMlflowTest::plain).toList());
    }
    for (String kind : List.of("string_value", "bool_value", "double_value")) {
      Json scalar = value.get(kind);
      if (scalar != null) {
        return scalar;
      }
    }
    String number = value.text("int_value");
    return number == null ? Json.Null.NULL : new Json.Num(number);
  }
}
