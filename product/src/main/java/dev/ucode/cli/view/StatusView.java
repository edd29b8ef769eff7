package dev.ucode.cli.view;

import dev.ucode.check.Check;
import dev.ucode.console.Output;
import dev.ucode.console.Paint;
import dev.ucode.console.Text;
import dev.ucode.json.Json;
import dev.ucode.state.Exporter;
import dev.ucode.state.WorkspaceState;
import dev.ucode.status.StatusReport;
import dev.ucode.store.Counter;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.Views;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report of {@code ucode status}. */
public final class StatusView {
  private static final int NAME = 12;

  private final Output out;
  private final Paint paint;

  public StatusView(Output out) {
    this.out = out;
    this.paint = out.paint();
  }

  /** Prints it. */
  public void print(StatusReport report) {
    out.line(paint.bold("ucode " + report.version()));
    WorkspaceState workspace = report.workspace();
    if (workspace == null) {
      out.line();
      out.line("Nothing is configured yet.");
      out.line("  run: ucode configure --agents claude --tracing");
      out.line("  or, without an account: ucode demo");
    } else {
      workspace(report, workspace);
      agents(report);
      tracing(workspace);
    }
    deliveries(report, workspace);
    oddities(report);
    checks(report);
  }

  private void workspace(StatusReport report, WorkspaceState workspace) {
    section("Workspace");
    field("address", workspace.url().toString());
    String user = workspace.user();
    if (user != null) {
      field("user", Text.oneLine(user));
    }
    Check signIn = report.signIn();
    if (signIn != null) {
      field("sign-in", sign(signIn) + Text.oneLine(signIn.found()));
      fixes(signIn);
    }
    if (report.otherWorkspaces() > 0) {
      field("others", Format.plural(report.otherWorkspaces(), "more workspace"));
    }
  }

  private void agents(StatusReport report) {
    section("Agents");
    if (report.agents().isEmpty()) {
      out.line("  none configured; run: ucode configure --agents claude");
    }
    for (StatusReport.AgentStatus agent : report.agents()) {
      String where =
          agent.binary() == null
              ? paint.yellow("not installed: " + agent.id() + " is not on PATH")
              : Text.oneLine(agent.binary().toString());
      field(agent.id().value(), "start it with: ucode " + agent.id());
      field("", where);
      field("", "a plain '" + agent.id() + "' is private and untraced");
    }
  }

  private void tracing(WorkspaceState workspace) {
    section("Tracing");
    TraceDestination destination = workspace.destination();
    if (destination == null) {
      field("state", "off; turn it on with: ucode configure tracing");
      return;
    }
    field("state", paint.green("on"));
    field(
        "experiment",
        Text.oneLine(destination.experimentName() + " (id " + destination.experimentId() + ")"));
    field("table", Text.oneLine(destination.spansTable()));
    String warehouse = destination.warehouseId();
    field("warehouse", warehouse == null ? "none" : Text.oneLine(warehouse));
    field("exporter", workspace.tracing().exporter().word());
  }

  private void deliveries(StatusReport report, @Nullable WorkspaceState workspace) {
    String current = current(workspace);
    for (DeliveryFigures figures : report.deliveries()) {
      boolean main = figures.destination().equals(current);
      section(main ? "Delivery" : "Delivery to " + figures.destination() + " (earlier set-up)");
      delivery(figures, report.at());
    }
    boolean native_ =
        workspace != null
            && workspace.destination() != null
            && workspace.tracing().exporter() == Exporter.NATIVE;
    if (native_ && report.deliveries().stream().noneMatch(f -> f.destination().equals(current))) {
      section("Delivery");
      out.line("  nothing yet: no turn has ended since tracing was turned on");
    }
    if (report.inbox() > 0) {
      Instant oldest = report.oldestEvent();
      field(
          "inbox",
          Format.plural(report.inbox(), "event")
              + " not read yet"
              + (oldest == null ? "" : ", the oldest for " + age(oldest, report.at()))
              + (report.workerRuns() ? "; a worker is at it" : ""));
    }
  }

  private void delivery(DeliveryFigures figures, Instant now) {
    field("accepted", Format.plural(figures.accepted(), "trace"));
    Instant last = figures.lastDelivery();
    field(
        "delivered",
        Format.count(figures.delivered())
            + " ("
            + Format.plural(figures.spansDelivered(), "span")
            + ")"
            + (last == null ? "" : ", the last " + age(last, now) + " ago"));
    Instant oldest = figures.oldestPending();
    Instant next = figures.nextAttempt();
    String pending = Format.count(figures.pending());
    if (figures.pending() > 0) {
      pending += oldest == null ? "" : ", the oldest for " + age(oldest, now);
      pending +=
          figures.inDoubt() > 0
              ? ", " + Format.count(figures.inDoubt()) + " that may have arrived"
              : "";
      pending +=
          next == null
              ? ""
              : next.isAfter(now) ? "; next try in " + age(now, next) : "; trying now";
    }
    field("pending", figures.pending() > 0 ? paint.yellow(pending) : pending);
    String rejected = Format.count(figures.rejected());
    field("rejected", figures.rejected() > 0 ? paint.red(rejected) : rejected);
    if (figures.doublySent() > 0) {
      field("doubled?", Format.plural(figures.doublySent(), "span") + " possibly there twice");
    }
    String blocked = figures.blocked();
    if (blocked != null) {
      field("blocked", paint.red(Text.oneLine(blocked)));
    }
    String error = figures.lastError();
    if (error != null) {
      Instant at = figures.lastErrorAt();
      field("last error", Text.oneLine(error) + (at == null ? "" : " (" + age(at, now) + " ago)"));
    }
  }

  private void oddities(StatusReport report) {
    List<Counter> shown = new ArrayList<>();
    for (Counter counter : report.odd()) {
      if (words(counter) != null) {
        shown.add(counter);
      }
    }
    if (!shown.isEmpty()) {
      section("Transcripts");
      for (Counter counter : shown) {
        String agent = counter.agent() + " " + counter.agentVersion();
        field(Text.oneLine(agent).strip(), Format.count(counter.count()) + " " + words(counter));
      }
    }
    for (Views.Quarantined refused : report.quarantined()) {
      section("Refused");
      field(
          refused.trace().hex().substring(0, 12),
          Format.plural(refused.spansRefused(), "span") + ": " + Text.oneLine(refused.why()));
    }
  }

  /** What a person may want to know of; null for what is quite usual. */
  private static @Nullable String words(Counter counter) {
    String name = counter.name();
    if (name.startsWith(Counter.UNKNOWN_RECORD)) {
      String type = Text.oneLine(name.substring(Counter.UNKNOWN_RECORD.length()));
      return "records of the unknown type '" + type + "'";
    }
    return switch (name) {
      case Counter.UNREADABLE_LINE -> "lines that are not JSON";
      case Counter.LATE_RECORD -> "records that came after their span had been sent";
      case Counter.ORPHAN_SPAN -> "late spans of a trace that was never stored";
      case Counter.UNANNOUNCED_TURN -> "turns that no hook told of";
      default -> null;
    };
  }

  private void checks(StatusReport report) {
    if (report.checks().isEmpty()) {
      return;
    }
    section("To look at");
    for (Check check : report.checks()) {
      out.line("  " + sign(check) + Text.oneLine(check.subject() + ": " + check.found()));
      fixes(check);
    }
  }

  private void fixes(Check check) {
    for (String step : check.fix()) {
      out.line("  " + " ".repeat(NAME) + paint.dim("fix: ") + Text.oneLine(step));
    }
  }

  private String sign(Check check) {
    return switch (check) {
      case Check.Ok ok -> paint.green("✔ ");
      case Check.Warn warn -> paint.yellow("! ");
      case Check.Fail fail -> paint.red("✘ ");
      case Check.Skipped skipped -> paint.dim("- ");
    };
  }

  private void section(String title) {
    out.line();
    out.line(paint.bold(title));
  }

  private void field(String name, String value) {
    String left = name.length() < NAME ? Text.padEnd(name, NAME) : name + "  ";
    out.line("  " + paint.cyan(left) + value);
  }

  private static String age(Instant from, Instant to) {
    return Format.age(Duration.between(from, to));
  }

  private static String current(@Nullable WorkspaceState workspace) {
    TraceDestination destination = workspace == null ? null : workspace.destination();
    return destination == null ? "" : destination.id();
  }

  /** The same for programs. */
  public static Json.Obj json(StatusReport report) {
    Json.Builder json =
        Json.object()
            .put("version", report.version())
            .put("home", report.home().toString())
            .put("at", report.at().toString())
            .put("configured", report.workspace() != null);
    WorkspaceState workspace = report.workspace();
    if (workspace != null) {
      json.put("workspace", workspaceJson(report, workspace));
      List<Json> agents = new ArrayList<>();
      for (StatusReport.AgentStatus agent : report.agents()) {
        agents.add(
            Json.object()
                .put("id", agent.id().value())
                .putIfPresent("binary", agent.binary() == null ? null : agent.binary().toString())
                .build());
      }
      json.put("agents", agents);
      json.put("tracing", tracingJson(workspace));
    }
    List<Json> deliveries = new ArrayList<>();
    report.deliveries().forEach(figures -> deliveries.add(deliveryJson(figures)));
    json.put("deliveries", deliveries);
    json.put(
        "inbox",
        Json.object()
            .put("events", report.inbox())
            .putIfPresent("oldest", text(report.oldestEvent()))
            .put("worker_running", report.workerRuns())
            .build());
    List<Json> odd = new ArrayList<>();
    for (Counter counter : report.odd()) {
      odd.add(
          Json.object()
              .put("agent", counter.agent().value())
              .put("agent_version", counter.agentVersion())
              .put("what", counter.name())
              .put("count", counter.count())
              .build());
    }
    json.put("transcripts", odd);
    List<Json> refused = new ArrayList<>();
    for (Views.Quarantined one : report.quarantined()) {
      refused.add(
          Json.object()
              .put("trace_id", one.trace().hex())
              .put("destination", one.destination())
              .put("spans", one.spansRefused())
              .put("why", one.why())
              .put("since", one.since().toString())
              .build());
    }
    json.put("quarantined", refused);
    json.put("checks", report.checks().stream().map(StatusView::checkJson).toList());
    return json.build();
  }

  private static Json workspaceJson(StatusReport report, WorkspaceState workspace) {
    Check signIn = report.signIn();
    return Json.object()
        .put("url", workspace.url().toString())
        .putIfPresent("user", workspace.user())
        .put("sign_in", method(workspace.signIn()))
        .putIfPresent("sign_in_check", signIn == null ? null : checkJson(signIn))
        .put("others", report.otherWorkspaces())
        .build();
  }

  private static String method(SignIn signIn) {
    return switch (signIn) {
      case SignIn.PatProfile pat -> "pat profile " + pat.profile();
      case SignIn.ClientCredentialsProfile client -> "oauth-m2m profile " + client.profile();
      case SignIn.EnvironmentVariable variable -> "environment " + variable.name();
    };
  }

  private static Json tracingJson(WorkspaceState workspace) {
    TraceDestination destination = workspace.destination();
    if (destination == null) {
      return Json.object().put("enabled", false).build();
    }
    return Json.object()
        .put("enabled", true)
        .put("exporter", workspace.tracing().exporter().word())
        .put("destination", destination.id())
        .put("experiment_id", destination.experimentId())
        .put("experiment_name", destination.experimentName())
        .put("uc_destination", destination.location().toString())
        .put("spans_table", destination.spansTable())
        .putIfPresent("sql_warehouse_id", destination.warehouseId())
        .build();
  }

  private static Json deliveryJson(DeliveryFigures figures) {
    return Json.object()
        .put("destination", figures.destination())
        .put("accepted", figures.accepted())
        .put("pending", figures.pending())
        .putIfPresent("oldest_pending", text(figures.oldestPending()))
        .put("in_doubt", figures.inDoubt())
        .put("delivered", figures.delivered())
        .put("rejected", figures.rejected())
        .put("spans_delivered", figures.spansDelivered())
        .put("spans_possibly_doubled", figures.doublySent())
        .putIfPresent("blocked", figures.blocked())
        .putIfPresent("last_error", figures.lastError())
        .putIfPresent("last_error_at", text(figures.lastErrorAt()))
        .putIfPresent("last_delivery", text(figures.lastDelivery()))
        .putIfPresent("next_attempt", text(figures.nextAttempt()))
        .build();
  }

  private static Json checkJson(Check check) {
    String result =
        switch (check) {
          case Check.Ok ok -> "ok";
          case Check.Warn warn -> "warn";
          case Check.Fail fail -> "fail";
          case Check.Skipped skipped -> "skipped";
        };
    return Json.object()
        .put("subject", check.subject())
        .put("result", result)
        .put("found", check.found())
        .put("fix", check.fix().stream().map(Json::of).toList())
        .build();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
