package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sessions of other people, versions 1.0.98 to 2.1.219: nothing of them is lost or made up. */
class ClaudeTranscriptsTest {
  @TestFactory
  Stream<DynamicTest> everyCallAndToolOfEveryTranscript() throws IOException {
    return transcripts().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(List.of(file))));
  }

  @Test
  void recordedScenariosToo() throws IOException {
    for (Path folder : Recorded.scenarios()) {
      check(Recorded.mainFiles(folder)); // a fork and its original hold each call once
    }
  }

  private static List<Path> transcripts() throws IOException {
    assumeTrue(
        Files.isDirectory(Recorded.TRANSCRIPTS),
        "SKIPPED: no transcripts of other people at " + Recorded.TRANSCRIPTS.toAbsolutePath());
    try (Stream<Path> files = Files.list(Recorded.TRANSCRIPTS)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }

  private static void check(List<Path> files) throws IOException {
    Recorded.Ledger ledger = new Recorded.Ledger();
    Simple simple = new Simple(new HashMap<>(), new HashSet<>());
    for (Path file : files) {
      Reading end = Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, ledger);
      assertThat(end.turnOpen()).isFalse();
      assertThat(end.unreadableLines()).isZero();
      assertThat(end.lateRecords()).isZero();
      assertThat(end.unknownRecords()).isEmpty();
      simple.count(file);
    }
    Map<String, long[]> calls = new HashMap<>();
    Set<String> tools = new HashSet<>();
    for (TraceUpdate update : ledger.updates) {
      if (!(update instanceof TraceUpdate.Closed(Trace trace))) {
        continue;
      }
      Set<SpanId> ids = new HashSet<>();
      Set<SpanId> inAgents = new HashSet<>(); // files of their own are not in the simple count
      for (Span span : trace.spans()) {
        assertThat(ids.add(span.id())).as("span id twice").isTrue();
      }
      for (Span span : trace.spans()) {
        assertThat(span.parent() == null || ids.contains(span.parent())).isTrue();
        boolean agentFile =
            (span.detail() instanceof Detail.Subagent agent
                    && agent.agentId().matches("a[0-9a-f]+"))
                || inAgents.contains(span.parent());
        if (agentFile) {
          inAgents.add(span.id());
          continue;
        }
        switch (span.detail()) {
          case Detail.ModelCall call -> {
            if (simple.usage.containsKey(call.messageId())) {
              assertThat(
                      calls.put(
                          call.messageId(),
                          new long[] {
                            call.usage().input(),
                            call.usage().output(),
                            call.usage().cacheRead(),
                            call.usage().cacheCreation()
                          }))
                  .as("model call twice")
                  .isNull();
            }
          }
          case Detail.ToolCall call -> assertThat(tools.add(call.callId())).isTrue();
          case Detail.Turn turn -> {}
          case Detail.Subagent agent -> {}
        }
      }
    }
    assertThat(calls.keySet()).isEqualTo(simple.usage.keySet());
    simple.usage.forEach((id, usage) -> assertThat(calls.get(id)).as(id).isEqualTo(usage));
    assertThat(tools).isEqualTo(simple.tools);
  }

  /** A count that knows nothing of turns: the last usage of each message id, and each tool use. */
  private record Simple(Map<String, long[]> usage, Set<String> tools) {
    void count(Path file) throws IOException {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        Json record = JsonReader.parse(line);
        Json message = record.get("message");
        if (!record.text("type", "").equals("assistant")
            || message == null
            || message.text("model", "").equals("<synthetic>")) {
          continue;
        }
        Json counts = message.get("usage");
        usage.put(
            message.text("id", ""),
            new long[] {
              number(counts, "input_tokens"),
              number(counts, "output_tokens"),
              number(counts, "cache_read_input_tokens"),
              number(counts, "cache_creation_input_tokens")
            });
        for (Json block : message.items("content")) {
          if (block.text("type", "").equals("tool_use")) {
            tools.add(block.text("id", ""));
          }
        }
      }
    }

    private static long number(@Nullable Json from, String name) {
      return from == null ? 0 : from.number(name, 0);
    }
  }
}
