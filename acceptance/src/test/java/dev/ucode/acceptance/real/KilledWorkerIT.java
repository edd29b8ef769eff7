package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worker dies at every step there is, and the workspace lies in every way it can: in the end
 * each span is in the table once. The session is written by the test itself, as Claude Code writes
 * one, so that no agent is needed.
 */
class KilledWorkerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Spans of one turn of {@link #turn}: the root, three model calls, two tools. */
  private static final int SPANS = 6;

  /** Exit code of a process that halts as if killed. */
  private static final int KILLED = 137;

  /** Every step, in an order in which each is reached in the run it ends. */
  private static final List<String> STEPS =
      List.of(
          "schema.written",
          "schema.committed",
          "event found",
          "session.written",
          "session.committed",
          "event entered",
          "event removed",
          "event removed:2",
          "harvest.written",
          "harvest.committed",
          "begin.written",
          "begin.committed",
          "request begun: SPANS",
          "presence answered",
          "answer.written",
          "answer.committed",
          "request answered: SPANS",
          "presence written",
          "end.written",
          "end.committed",
          "outcome written: SPANS",
          "request begun: INFO",
          "request answered: INFO",
          "outcome written: INFO",
          "parcel.written",
          "parcel.committed",
          "parcel settled",
          "hint taken down");

  @TempDir Path folder;
  private final Dist dist = Dist.find();
  private final Map<String, String> environment = new TreeMap<>();
  private Path ucode = Path.of("");
  private int turns;
  private int events;
  private Sandbox sandbox;

  @BeforeEach
  void somebodyIsSignedInAndTraced() throws IOException {
    sandbox = Sandbox.start(dist, folder.resolve("sandbox"), null);
    Path home = Files.createDirectories(folder.resolve("home"));
    ucode = Files.createDirectories(home.resolve(".ucode"));
    Files.createDirectories(ucode.resolve("spool/inbox"));
    environment.put("HOME", home.toString());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("UCODE_DRAIN_IDLE_MS", "300");
    environment.put("UCODE_DRAIN_DOUBT_MS", "2500");
    writePrivate(
        home.resolve(".databrickscfg"),
        "[sandbox]\nhost = " + sandbox.url() + "\ntoken = " + sandbox.token() + "\n");
    writePrivate(ucode.resolve("state-v4.json"), state().toString());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void killedAtEveryStepNothingIsMissingAndNothingIsThereTwice() throws Exception {
    for (String step : STEPS) {
      turn();
      environment.put("UCODE_STOP_AT", step);
      Program.Ended ended = drain();
      assertThat(ended.exit()).as("killed at '%s': %s", step, ended.err()).isEqualTo(KILLED);
    }
    environment.remove("UCODE_STOP_AT");
    everythingArrivesOnce();
  }

  @Test
  void killedAtRandomMomentsNothingIsMissingAndNothingIsThereTwice() throws Exception {
    for (int i = 0; i < 8; i++) {
      turn();
      try (Program worker = start()) {
        // From before the first event to after the last request: a start takes about 200 ms.
        Until.lastSeen(Duration.ofMillis(80L + 110L * i), worker::running, running -> !running);
        Program.signal(worker.pid(), "KILL");
        worker.ended(LIMIT);
      }
    }
    everythingArrivesOnce();
  }

  @Test
  void whateverTheWorkspaceDoesNothingIsMissingAndNothingIsThereTwice() throws Exception {
    for (String fault :
        List.of(
            "{\"kind\":\"cut-before-commit\"",
            "{\"kind\":\"cut-after-commit\"",
            "{\"kind\":\"half-response\"",
            "{\"kind\":\"status\",\"status\":503",
            "{\"kind\":\"late-commit\",\"delay_ms\":1000",
            "{\"kind\":\"late-visibility\",\"delay_ms\":1000",
            "{\"kind\":\"rate-limit\",\"delay_ms\":1000",
            "{\"kind\":\"partial-success\",\"rows\":2")) {
      for (String path : List.of("/api/2.0/otel/*", "/api/4.0/mlflow/traces/*")) {
        sandbox.fault(fault + ",\"path\":\"" + path + "\",\"times\":1}");
        turn();
        drain().expect(0);
        sandbox.noFaults();
      }
    }
    everythingArrivesOnce();
  }

  private void everythingArrivesOnce() {
    drain().expect(0);
    Landed landed = new Landed(sandbox);
    Until.fits("all rows are there", LIMIT, landed::rows, rows -> rows >= (long) turns * SPANS);
    assertThat(landed.duplicates()).isEmpty();
    assertThat(landed.rows()).isEqualTo((long) turns * SPANS);
    List<Landed.Trace> traces = landed.traces();
    assertThat(new HashSet<>(traces.stream().map(Landed.Trace::id).toList())).hasSize(turns);
    assertThat(traces).allSatisfy(trace -> assertThat(trace.spans()).hasSize(SPANS));
    assertThat(ucode.resolve("spool/inbox")).isEmptyDirectory();
    assertThat(ucode.resolve("spool/worker.pid")).doesNotExist();
  }

  private Program start() {
    return Program.start(
        List.of(dist.ucode().toString(), "drain"), folder, Map.copyOf(environment));
  }

  private Program.Ended drain() {
    try (Program worker = start()) {
      return worker.ended(LIMIT);
    }
  }

  /** One more turn in a session of its own, and the events that its hooks would leave. */
  private void turn() throws IOException {
    turns++;
    String session = "session-" + turns;
    Path transcript = folder.resolve(session + ".jsonl");
    List<String> lines = new ArrayList<>();
    Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ObjectNode prompt = record(session, time, "user");
    prompt.putObject("message").put("role", "user").put("content", "prompt " + turns);
    lines.add(prompt.toString());
    for (int call = 0; call < 2; call++) {
      time = time.plusMillis(1);
      String tool = "toolu_" + turns + "_" + call;
      ObjectNode use = assistant(session, time, call, "tool_use");
      ((ObjectNode) use.get("message"))
          .putArray("content")
          .addObject()
          .put("type", "tool_use")
          .put("id", tool)
          .put("name", "Bash")
          .putObject("input")
          .put("command", "echo hello");
      lines.add(use.toString());
      time = time.plusMillis(1);
      ObjectNode result = record(session, time, "user");
      result
          .putObject("message")
          .put("role", "user")
          .putArray("content")
          .addObject()
          .put("type", "tool_result")
          .put("tool_use_id", tool)
          .put("content", "hello");
      result.putObject("toolUseResult").put("stdout", "hello");
      lines.add(result.toString());
    }
    ObjectNode answer = assistant(session, time.plusMillis(1), 2, "end_turn");
    ((ObjectNode) answer.get("message"))
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", "done");
    lines.add(answer.toString());
    ObjectNode end = record(session, time.plusMillis(2), "system");
    end.put("subtype", "stop_hook_summary").put("hookCount", 1).put("preventedContinuation", false);
    lines.add(end.toString());
    Files.write(transcript, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    for (String event : List.of("UserPromptSubmit", "Stop", "SessionEnd")) {
      events++;
      ObjectNode payload = JSON.createObjectNode();
      payload.put("session_id", session).put("transcript_path", transcript.toString());
      payload.put("cwd", folder.toString()).put("hook_event_name", event);
      long own = ProcessHandle.current().pid();
      Path inbox = ucode.resolve("spool/inbox");
      Path part = inbox.resolve("claude.d1." + own + "." + own + "." + events + ".part");
      Files.writeString(part, payload.toString());
      Files.move(part, Path.of(part.toString().replace(".part", ".json")));
    }
  }

  private ObjectNode assistant(String session, Instant time, int call, String stop) {
    ObjectNode record = record(session, time, "assistant");
    record.put("requestId", "req_" + turns + "_" + call);
    ObjectNode message = record.putObject("message");
    message.put("id", "msg_" + turns + "_" + call).put("type", "message").put("role", "assistant");
    message.put("model", "claude-opus-5-5").put("stop_reason", stop);
    message.putObject("usage").put("input_tokens", 10).put("output_tokens", 5);
    return record;
  }

  private static ObjectNode record(String session, Instant time, String type) {
    ObjectNode record = JSON.createObjectNode();
    record.put("type", type).put("uuid", session + "-" + time.toEpochMilli() + "-" + type);
    record.put("timestamp", time.toString()).put("sessionId", session).put("version", "2.1.330");
    record.put("isSidechain", false).put("userType", "external").put("cwd", "/w");
    return record;
  }

  private ObjectNode state() {
    ObjectNode state = JSON.createObjectNode();
    state.put("state_version", 4).put("current_workspace", sandbox.url());
    ObjectNode workspace = state.putObject("workspaces").putObject(sandbox.url());
    workspace.putObject("sign_in").put("method", "pat").put("profile", "sandbox");
    workspace.put("user", "dev@acme.test");
    workspace
        .putObject("tracing")
        .put("enabled", true)
        .put("exporter", "native")
        .put("destination", "d1");
    workspace
        .putObject("destinations")
        .putObject("d1")
        .put("experiment_id", "1")
        .put("experiment_name", "/Shared/ucode-traces")
        .put("uc_destination", "main.traces.ucode")
        .put("spans_table", "main.traces.ucode_otel_spans")
        .put("sql_warehouse_id", sandbox.warehouse())
        .put("user", "dev@acme.test");
    return state;
  }

  private static void writePrivate(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
