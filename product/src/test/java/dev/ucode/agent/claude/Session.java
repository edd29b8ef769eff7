package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A session written line by line in the form of Claude Code, and read on after each step. */
final class Session {
  static final Instant START = Instant.parse("2026-11-22T20:00:00Z");

  final Path file;
  final Recorded.Ledger ledger = new Recorded.Ledger();
  String version = "2.1.330";
  String entrypoint = "sdk-cli";
  String workingDirectory = "/home/dev/w";
  Instant firstSeen = Instant.EPOCH;
  Cursor cursor = Cursor.START;
  private int number;
  private long millis;

  Session(Path folder) {
    this.file = folder.resolve("5e551011-0000-4000-8000-000000000000.jsonl");
  }

  // What is written.

  /** The next record's time is so much later. */
  Session later(long ms) {
    millis += ms;
    return this;
  }

  Instant now() {
    return START.plusMillis(millis);
  }

  String prompt(String text) throws IOException {
    return prompt(text, null);
  }

  String prompt(String text, @Nullable Json origin) throws IOException {
    String id = id("prompt");
    Json.Builder record =
        record("user", id)
            .put("message", message("user").put("content", text).build())
            .put("permissionMode", "default");
    append(record.putIfPresent("origin", origin));
    return id;
  }

  void meta(String text) throws IOException {
    append(
        record("user", id("meta"))
            .put("isMeta", true)
            .put("message", message("user").put("content", text).build()));
  }

  void interrupted(boolean inTool) throws IOException {
    String text = "[Request interrupted by user" + (inTool ? " for tool use]" : "]");
    append(
        record("user", id("interrupt"))
            .put("message", message("user").put("content", Json.array(text(text))).build()));
  }

  void says(String messageId, String text) throws IOException {
    says(messageId, "end_turn", text(text));
  }

  void says(String messageId, @Nullable String stopReason, Json block) throws IOException {
    append(answer(messageId, stopReason, block));
  }

  Json.Builder answer(String messageId, @Nullable String stopReason, Json block) {
    return record("assistant", id("answer"))
        .put("requestId", "req_" + messageId)
        .put(
            "message",
            message("assistant")
                .put("id", messageId)
                .put("model", "claude-test")
                .put("content", Json.array(block))
                .put("stop_reason", stopReason == null ? Json.Null.NULL : Json.of(stopReason))
                .put(
                    "usage", Json.object().put("input_tokens", 10).put("output_tokens", 40).build())
                .build());
  }

  void uses(String messageId, String tool, String callId, Json input) throws IOException {
    says(messageId, "tool_use", use(tool, callId, input));
  }

  static Json use(String tool, String callId, Json input) {
    return Json.object()
        .put("type", "tool_use")
        .put("id", callId)
        .put("name", tool)
        .put("input", input)
        .build();
  }

  void result(String callId, String text) throws IOException {
    result(callId, Json.of(text), null);
  }

  void result(String callId, Json content, @Nullable Json details) throws IOException {
    Json block =
        Json.object()
            .put("type", "tool_result")
            .put("tool_use_id", callId)
            .put("content", content)
            .build();
    append(
        record("user", id("result"))
            .put("message", message("user").put("content", Json.array(block)).build())
            .putIfPresent("toolUseResult", details));
  }

  void launched(String callId, String agentId) throws IOException {
    result(
        callId,
        Json.of("launched"),
        Json.object()
            .put("isAsync", true)
            .put("status", "async_launched")
            .put("agentId", agentId)
            .build());
  }

  void notification(String agentId, String callId) throws IOException {
    prompt(
        "<task-notification>\n<task-id>"
            + agentId
            + "</task-id>\n<tool-use-id>"
            + callId
            + "</tool-use-id>\n<status>completed</status></task-notification>",
        Json.object().put("kind", "task-notification").build());
  }

  void stopSummary() throws IOException {
    append(record("system", id("stop")).put("subtype", "stop_hook_summary"));
  }

  void totals(long input, long output) throws IOException {
    append(
        Json.object()
            .put("type", "cost-state")
            .put("startTime", 7)
            .put(
                "modelUsage",
                Json.object()
                    .put(
                        "claude-test",
                        Json.object().put("inputTokens", input).put("outputTokens", output).build())
                    .build()));
  }

  void append(Json.Builder record) throws IOException {
    line(record.build().write());
  }

  void line(String line) throws IOException {
    raw((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void raw(byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  Json.Builder record(String type, String id) {
    millis += 10;
    return Json.object()
        .put("parentUuid", Json.Null.NULL)
        .put("isSidechain", false)
        .put("type", type)
        .put("uuid", id)
        .put("timestamp", now().toString())
        .put("sessionId", "5e551011-0000-4000-8000-000000000000")
        .put("version", version)
        .put("entrypoint", entrypoint)
        .put("cwd", workingDirectory)
        .put("gitBranch", "main");
  }

  private String id(String what) {
    number++;
    return what + "-" + number;
  }

  static Json text(String text) {
    return Json.object().put("type", "text").put("text", text).build();
  }

  private static Json.Builder message(String role) {
    return Json.object().put("role", role);
  }

  // Subagents' files.

  /** The folder of the session's agents. */
  Path agents() throws IOException {
    String name = file.getFileName().toString();
    return Files.createDirectories(
        file.resolveSibling(name.substring(0, name.length() - 6)).resolve("subagents"));
  }

  /** A session whose file is the agent's, to write it with the same words. */
  Session agent(String agentId) throws IOException {
    Session agent = new Session(agents(), "agent-" + agentId + ".jsonl");
    agent.millis = millis;
    return agent;
  }

  private Session(Path folder, String name) {
    this.file = folder.resolve(name);
  }

  void meta(String agentId, String callId, boolean finished) throws IOException {
    Json.Builder meta = Json.object().put("agentType", "Explore").put("toolUseId", callId);
    Files.writeString(
        agents().resolve("agent-" + agentId + ".meta.json"),
        (finished ? meta.put("finished", true) : meta).build().write());
  }

  // What is read.

  Reading read(Closing closing) throws IOException {
    SessionFile session =
        new SessionFile(
            AgentId.CLAUDE, new SessionId("5e551011-0000-4000-8000-000000000000"), file, firstSeen);
    Reading reading = Recorded.read(session, cursor, closing, ledger);
    cursor = reading.next();
    return reading;
  }

  List<Trace> traces() {
    List<Trace> traces = new ArrayList<>();
    for (TraceUpdate update : ledger.updates) {
      if (update instanceof TraceUpdate.Closed(Trace trace)) {
        traces.add(trace);
      }
    }
    return traces;
  }

  List<TraceUpdate.Late> late() {
    List<TraceUpdate.Late> late = new ArrayList<>();
    for (TraceUpdate update : ledger.updates) {
      if (update instanceof TraceUpdate.Late one) {
        late.add(one);
      }
    }
    return late;
  }

  static List<String> names(List<Span> spans) {
    return spans.stream().map(Span::name).toList();
  }

  static Span span(List<Span> spans, String name) {
    return spans.stream()
        .filter(span -> span.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(name + " in " + names(spans)));
  }
}
