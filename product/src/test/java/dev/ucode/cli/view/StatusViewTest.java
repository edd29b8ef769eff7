package dev.ucode.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.check.Check;
import dev.ucode.console.Recorded;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.json.JsonWriter;
import dev.ucode.name.AgentId;
import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.state.Exporter;
import dev.ucode.state.TracingState;
import dev.ucode.state.WorkspaceState;
import dev.ucode.status.StatusReport;
import dev.ucode.store.Counter;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.Views;
import dev.ucode.trace.TraceId;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusViewTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final WorkspaceUrl URL = new WorkspaceUrl("https://acme.test");
  private static final SignIn SIGN_IN = new SignIn.PatProfile("acme");

  @Test
  void nothingConfiguredSaysWhatToRun() {
    Recorded recorded = Recorded.piped();
    new StatusView(recorded.console().out()).print(report(null, List.of(), List.of()));
    assertThat(recorded.out())
        .isEqualTo(
            """
            ucode 1.2.3

            Nothing is configured yet.
              run: ucode configure --agents claude --tracing
              or, without an account: ucode demo
            """);
  }

  @Test
  void aHealthyInstallationIsShownWhole() {
    Recorded recorded = Recorded.piped();
    DeliveryFigures figures =
        new DeliveryFigures(
            "d1", 12, 0, null, 0, 12, 0, 118, 0, null, null, null, NOW.minusSeconds(120), null);
    new StatusView(recorded.console().out())
        .print(report(workspace(), List.of(figures), List.of()));
    assertThat(recorded.out())
        .isEqualTo(
            """
            ucode 1.2.3

            Workspace
              address     https://acme.test
              user        me@acme.test
              sign-in     ✔ by profile 'acme', a personal access token

            Agents
              claude      start it with: ucode claude
                          /usr/bin/claude
                          a plain 'claude' is private and untraced

            Tracing
              state       on
              experiment  /Shared/ucode-traces (id 123)
              table       main.traces.ucode_otel_spans
              warehouse   w1
              exporter    native

            Delivery
              accepted    12 traces
              delivered   12 (118 spans), the last 2 m ago
              pending     0
              rejected    0
            """);
  }

  @Test
  void whatIsWrongIsShownWithWhatToDo() {
    Recorded recorded = Recorded.piped();
    DeliveryFigures figures =
        new DeliveryFigures(
            "d1",
            5,
            3,
            NOW.minusSeconds(400),
            1,
            1,
            1,
            7,
            2,
            "https://acme.test refuses the sign-in: run: ucode configure tracing",
            "HTTP 401\u001b[2J",
            NOW.minusSeconds(30),
            null,
            NOW.plusSeconds(60));
    new StatusView(recorded.console().out())
        .print(
            report(
                workspace(),
                List.of(figures),
                List.of(new Check.Fail("hook", "is missing", List.of("run: ucode configure")))));
    assertThat(recorded.out())
        .contains(
            """
            Delivery
              accepted    5 traces
              delivered   1 (7 spans)
              pending     3, the oldest for 6 m, 1 that may have arrived; next try in 1 m
              rejected    1
              doubled?    2 spans possibly there twice
              blocked     https://acme.test refuses the sign-in: run: ucode configure tracing
              last error  HTTP 401\\u001b[2J (30 s ago)

            Transcripts
              claude 9.9.9  4 records of the unknown type 'novelty'

            Refused
              0123456789ab  1 span: too large

            To look at
              ✘ hook: is missing
                          fix: run: ucode configure
            """);
  }

  @Test
  void programsGetEveryFigure() throws JsonSyntaxException {
    DeliveryFigures figures =
        new DeliveryFigures(
            "d1", 5, 3, NOW, 1, 1, 1, 7, 2, "b", "e", NOW, NOW, NOW.plusSeconds(60));
    Json json =
        JsonReader.parse(
            JsonWriter.pretty(StatusView.json(report(workspace(), List.of(figures), List.of()))));
    assertThat(json.at("tracing", "experiment_name")).isEqualTo(Json.of("/Shared/ucode-traces"));
    assertThat(json.at("tracing", "uc_destination")).isEqualTo(Json.of("main.traces.ucode"));
    assertThat(json.at("tracing", "sql_warehouse_id")).isEqualTo(Json.of("w1"));
    assertThat(json.items("deliveries").getFirst().number("spans_possibly_doubled")).isEqualTo(2);
    assertThat(json.items("deliveries").getFirst().text("oldest_pending"))
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(json.at("workspace", "sign_in_check", "result")).isEqualTo(Json.of("ok"));
    assertThat(json.items("transcripts")).hasSize(2);
  }

  private static StatusReport report(
      @Nullable WorkspaceState workspace, List<DeliveryFigures> figures, List<Check> checks) {
    boolean trouble = figures.stream().anyMatch(f -> f.rejected() > 0);
    return new StatusReport(
        "1.2.3",
        Path.of("/home/me/.ucode"),
        NOW,
        workspace,
        0,
        workspace == null
            ? null
            : new Check.Ok("sign-in", "by profile 'acme', a personal access token"),
        workspace == null
            ? List.of()
            : List.of(
                new StatusReport.AgentStatus(
                    AgentId.CLAUDE, "Claude Code", Path.of("/usr/bin/claude"))),
        figures,
        0,
        null,
        false,
        trouble
            ? List.of(
                new Counter(AgentId.CLAUDE, "9.9.9", Counter.UNKNOWN_RECORD + "novelty", 4),
                new Counter(AgentId.CLAUDE, "9.9.9", Counter.SKIPPED_TURN, 1))
            : List.of(),
        trouble
            ? List.of(
                new Views.Quarantined(
                    new TraceId("0123456789abcdef0123456789abcdef"), "d1", 1, "too large", NOW))
            : List.of(),
        checks);
  }

  private static WorkspaceState workspace() {
    TraceDestination destination =
        new TraceDestination(
            "d1",
            URL,
            SIGN_IN,
            "123",
            "/Shared/ucode-traces",
            new UcLocation("main", "traces", "ucode"),
            "main.traces.ucode_otel_spans",
            "w1",
            "me@acme.test");
    return new WorkspaceState(
        URL,
        SIGN_IN,
        "me@acme.test",
        Duration.ofMinutes(15),
        Models.NONE,
        List.of(AgentId.CLAUDE),
        new TracingState(true, Exporter.NATIVE, "d1", null),
        Map.of("d1", destination));
  }
}
