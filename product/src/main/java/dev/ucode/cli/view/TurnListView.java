package dev.ucode.cli.view;

import dev.ucode.console.Output;
import dev.ucode.console.Paint;
import dev.ucode.console.Table;
import dev.ucode.console.Text;
import dev.ucode.history.TurnLine;
import dev.ucode.json.Json;
import dev.ucode.trace.TokenUsage;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns, one a line. */
public final class TurnListView {
  private static final int ID = 8;
  private static final int PROMPT = 200;

  private final Output out;
  private final ZoneId zone;

  public TurnListView(Output out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  /** Prints them. */
  public void print(List<TurnLine> turns) {
    boolean prompts = turns.stream().anyMatch(turn -> !turn.prompt().isBlank());
    boolean sent = turns.stream().anyMatch(turn -> turn.delivery() != null);
    Table table =
        new Table()
            .column("TRACE", Table.Kind.LEFT)
            .column("STARTED", Table.Kind.LEFT)
            .column("AGENT", Table.Kind.LEFT)
            .column(prompts ? "PROMPT" : "SESSION", Table.Kind.ELASTIC)
            .column("TOOK", Table.Kind.RIGHT)
            .column("TOKENS", Table.Kind.RIGHT)
            .column("SPANS", Table.Kind.RIGHT)
            .column("OUTCOME", Table.Kind.LEFT);
    if (sent) {
      table.column("SENT", Table.Kind.LEFT);
    }
    for (TurnLine turn : turns) {
      List<String> cells = new ArrayList<>();
      cells.add(turn.id().hex().substring(0, ID));
      cells.add(Format.time(turn.start(), zone));
      cells.add(Text.oneLine(turn.agent()));
      cells.add(Text.fit(Text.oneLine(prompts ? turn.prompt() : turn.session()), PROMPT));
      Duration took = turn.duration();
      cells.add(took == null ? "" : Format.duration(took));
      TokenUsage usage = turn.usage();
      cells.add(
          usage.quality() == TokenUsage.Quality.UNKNOWN
              ? ""
              : Format.quality(usage)
                  + Format.shortCount(usage.input() + usage.cacheRead() + usage.cacheCreation())
                  + " → "
                  + Format.shortCount(usage.output()));
      cells.add(Format.count(turn.spans()));
      cells.add(outcome(turn));
      if (sent) {
        cells.add(delivery(turn));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  private String outcome(TurnLine turn) {
    Paint paint = out.paint();
    return switch (turn.outcome()) {
      case OK -> turn.errors() > 0 ? "ok (" + Format.plural(turn.errors(), "error") + ")" : "ok";
      case FAILED -> paint.red("failed");
      case INTERRUPTED -> paint.yellow("interrupted");
      case OPEN -> paint.dim("incomplete");
    };
  }

  private String delivery(TurnLine turn) {
    TurnLine.Delivery delivery = turn.delivery();
    Paint paint = out.paint();
    return delivery == null
        ? "-"
        : switch (delivery) {
          case LOCAL -> paint.dim("local");
          case WAITING -> paint.yellow("waiting");
          case DELIVERED -> paint.green("delivered");
          case REFUSED -> paint.red("refused");
        };
  }

  /** The same for programs. */
  public static Json.Obj json(List<TurnLine> turns) {
    List<Json> lines = new ArrayList<>();
    for (TurnLine turn : turns) {
      Duration took = turn.duration();
      TurnLine.Delivery delivery = turn.delivery();
      lines.add(
          Json.object()
              .put("trace_id", turn.id().hex())
              .put("agent", turn.agent())
              .put("session_id", turn.session())
              .put("start", turn.start().toString())
              .putIfPresent("duration_ms", took == null ? null : Long.valueOf(took.toMillis()))
              .put("prompt", turn.prompt())
              .put("spans", turn.spans())
              .put("errors", turn.errors())
              .put("outcome", turn.outcome().name().toLowerCase(Locale.ROOT))
              .putIfPresent(
                  "delivery", delivery == null ? null : delivery.name().toLowerCase(Locale.ROOT))
              .putIfPresent("tokens", TurnView.tokensJson(turn.usage()))
              .build());
    }
    return Json.object().put("traces", lines).build();
  }
}
