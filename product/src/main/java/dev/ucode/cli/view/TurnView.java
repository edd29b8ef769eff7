package dev.ucode.cli.view;

import dev.ucode.console.Output;
import dev.ucode.console.Paint;
import dev.ucode.console.Text;
import dev.ucode.history.Node;
import dev.ucode.history.TurnTree;
import dev.ucode.json.Json;
import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One turn as a tree with times, tokens and outcomes. */
public final class TurnView {
  private static final int WIDEST = 140;
  private static final int PROMPT = 200;
  private static final int BAR = 20;
  private static final int ROOM_FOR_BARS = 90;
  private static final int ROOM_FOR_TOKENS = 60;
  private static final int LEFT_AT_LEAST = 24;
  private static final char HALF = '▐'; // the right one: a bar that begins within the cell
  private static final String PARTS = " ▏▎▍▌▋▊▉█";

  private final Output out;
  private final ZoneId zone;

  public TurnView(Output out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  private record Row(String lines, Node node, @Nullable Event event) {}

  /** Prints it. */
  public void print(TurnTree turn) {
    Paint paint = out.paint();
    out.line(paint.bold("trace " + turn.id()) + agent(turn.agent()));
    if (!turn.prompt().isBlank()) {
      out.line(fit("prompt   " + Text.fit(Text.oneLine(turn.prompt()), PROMPT)));
    }
    String session = turn.session();
    if (session != null) {
      out.line(fit("session  " + Text.oneLine(session)));
    }
    TokenUsage usage = turn.usage();
    out.line(
        fit(
            "started  "
                + Format.time(turn.start(), zone)
                + ", took "
                + Format.duration(Duration.between(turn.start(), turn.end()))
                + ", "
                + Format.plural(turn.all().size(), "span")));
    if (usage.quality() != TokenUsage.Quality.UNKNOWN) {
      out.line(fit("tokens   " + tokens(usage)));
    }
    out.line();
    tree(turn);
    legend(turn);
  }

  private static String agent(@Nullable String agent) {
    return agent == null ? "" : "  " + Text.oneLine(agent);
  }

  /** All four counts, in words. */
  static String tokens(TokenUsage usage) {
    StringBuilder text = new StringBuilder(Format.quality(usage));
    text.append(Format.count(usage.input())).append(" in, ");
    text.append(Format.count(usage.output())).append(" out");
    if (usage.cacheRead() + usage.cacheCreation() > 0) {
      text.append(", ").append(Format.count(usage.cacheRead())).append(" read from cache, ");
      text.append(Format.count(usage.cacheCreation())).append(" written to it");
    }
    return text.toString();
  }

  private void tree(TurnTree turn) {
    List<Row> rows = new ArrayList<>();
    for (Node root : turn.roots()) {
      collect(root, "", "", rows);
    }
    int width = Math.min(out.width(), WIDEST);
    boolean bars = width >= ROOM_FOR_BARS;
    boolean tokens = width >= ROOM_FOR_TOKENS;
    int right = 9 + 10 + (bars ? BAR + 2 : 0) + (tokens ? 16 : 0);
    int widest = 0;
    for (Row row : rows) {
      widest = Math.max(widest, Text.width(left(row)));
    }
    int left = Math.clamp(width - right - 1, LEFT_AT_LEAST, Math.max(LEFT_AT_LEAST, widest));
    for (Row row : rows) {
      out.line(line(row, turn, left, bars, tokens).stripTrailing());
      String failure = failure(row);
      if (!failure.isEmpty()) {
        String indent = row.lines().replace("├─", "│ ").replace("└─", "  ");
        out.line(fit(indent + "  " + out.paint().red(failure)));
      }
    }
  }

  private static void collect(Node node, String own, String below, List<Row> rows) {
    rows.add(new Row(own, node, null));
    List<Object> parts = new ArrayList<>(node.events());
    parts.addAll(node.children());
    parts.sort(Comparator.comparing(part -> part instanceof Node n ? n.start() : time(part)));
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      String branch = below + (last ? "└─ " : "├─ ");
      if (parts.get(i) instanceof Node child) {
        collect(child, branch, below + (last ? "   " : "│  "), rows);
      } else if (parts.get(i) instanceof Event event) {
        rows.add(new Row(branch, node, event));
      }
    }
  }

  private static Instant time(Object part) {
    return part instanceof Event event ? event.time() : Instant.EPOCH;
  }

  private String line(Row row, TurnTree turn, int width, boolean bars, boolean tokens) {
    Event event = row.event();
    Paint paint = out.paint();
    if (event != null) {
      String at = Format.duration(Duration.between(turn.start(), event.time()));
      return Text.padEnd(Text.fit(left(row), width), width) + " " + Text.padStart("+" + at, 9);
    }
    Node node = row.node();
    StringBuilder line = new StringBuilder();
    String text = Text.fit(left(row), width);
    line.append(paint.dim(row.lines()));
    String rest = text.length() > row.lines().length() ? text.substring(row.lines().length()) : "";
    line.append(coloured(rest, node)).append(" ".repeat(Math.max(0, width - Text.width(text))));
    Duration offset = Duration.between(turn.start(), node.start());
    line.append(' ').append(Text.padStart("+" + Format.duration(offset), 9));
    line.append(' ').append(Text.padStart(length(node), 9));
    if (bars) {
      line.append("  ").append(paint.blue(bar(turn, node)));
    }
    TokenUsage usage = node.usage();
    if (tokens && usage != null) {
      String counts =
          usage.quality() == TokenUsage.Quality.UNKNOWN
              ? "tokens ?"
              : Format.quality(usage)
                  + Format.shortCount(usage.input() + usage.cacheRead() + usage.cacheCreation())
                  + " → "
                  + Format.shortCount(usage.output());
      line.append(' ').append(Text.padStart(counts, 15));
    }
    return line.toString();
  }

  private String coloured(String text, Node node) {
    Paint paint = out.paint();
    if (node.outcome() instanceof Outcome.Failed) {
      return paint.red(text);
    }
    return switch (node.kind()) {
      case TURN, SUBAGENT -> paint.bold(text);
      case MODEL_CALL -> paint.cyan(text);
      case TOOL_CALL -> paint.yellow(text);
      case OTHER -> text;
    };
  }

  private static String left(Row row) {
    Event event = row.event();
    if (event != null) {
      return row.lines() + "• " + Text.oneLine(event.name()) + detail(event.attributes());
    }
    Node node = row.node();
    String label = node.kind() == Node.Kind.TURN ? "" : Text.oneLine(node.label());
    return row.lines()
        + sign(node.outcome())
        + Text.oneLine(node.name())
        + (label.isEmpty() ? "" : "  " + label);
  }

  private static String sign(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok ok -> "";
      case Outcome.Failed failed -> "✘ ";
      case Outcome.Interrupted cut -> "◼ ";
      case Outcome.Unfinished cut -> "… ";
    };
  }

  private static String detail(Json.Obj attributes) {
    StringBuilder text = new StringBuilder();
    attributes
        .members()
        .forEach(
            (name, value) -> {
              String shown =
                  switch (value) {
                    case Json.Str(String s) -> Text.oneLine(s);
                    case Json.Num(String n) -> n;
                    case Json.Bool(boolean b) -> Boolean.toString(b);
                    default -> "";
                  };
              if (!shown.isEmpty()) {
                String last = name.substring(name.lastIndexOf('.') + 1);
                text.append("  ").append(Text.oneLine(last)).append('=').append(shown);
              }
            });
    return text.toString();
  }

  private static String failure(Row row) {
    if (row.event() != null) {
      return "";
    }
    return switch (row.node().outcome()) {
      case Outcome.Ok ok -> "";
      case Outcome.Failed(String type, String message) ->
          Text.oneLine(message.isBlank() ? type : type + ": " + message);
      case Outcome.Interrupted cut -> "interrupted";
      case Outcome.Unfinished cut -> "unfinished: the record ends here";
    };
  }

  private static String length(Node node) {
    Timing timing = node.timing();
    if (timing == Timing.UNKNOWN) {
      return "?";
    }
    return (timing == Timing.DERIVED ? "~" : "") + Format.duration(node.duration());
  }

  /** Where within the turn it ran, to an eighth of a cell. */
  private static String bar(TurnTree turn, Node node) {
    double whole = Math.max(1, Duration.between(turn.start(), turn.end()).toNanos());
    double from = Duration.between(turn.start(), node.start()).toNanos() / whole * BAR;
    double to = Duration.between(turn.start(), node.end()).toNanos() / whole * BAR;
    StringBuilder bar = new StringBuilder();
    boolean any = false;
    for (int cell = 0; cell < BAR; cell++) {
      double covered = Math.min(to, cell + 1) - Math.max(from, cell);
      int eighths = (int) Math.round(Math.max(0, covered) * 8);
      boolean here = (int) Math.min(from, BAR - 1) == cell;
      if (here && eighths == 0 && !any) {
        eighths = 1; // too short to see, but it was there
      }
      any |= eighths > 0;
      boolean begins = from > cell && to >= cell + 1;
      bar.append(begins && eighths > 0 && eighths < 8 ? HALF : PARTS.charAt(eighths));
    }
    return bar.toString();
  }

  private void legend(TurnTree turn) {
    TreeSet<String> legend = new TreeSet<>();
    for (Node node : turn.all()) {
      if (node.timing() == Timing.DERIVED) {
        legend.add("~ derived from neighbouring records");
      }
      TokenUsage usage = node.usage();
      if (usage != null && usage.quality() == TokenUsage.Quality.PLACEHOLDER) {
        legend.add("≥ counts from before the stream ended");
      }
    }
    if (!legend.isEmpty()) {
      out.line();
      out.line(out.paint().dim(fit(String.join("; ", legend))));
    }
  }

  private String fit(String text) {
    return Text.fit(text, out.width());
  }

  /** The same for programs: spans in order, each with its parent. */
  public static Json.Obj json(TurnTree turn) {
    List<Json> spans = new ArrayList<>();
    for (Node root : turn.roots()) {
      spans(root, null, spans);
    }
    return Json.object()
        .put("trace_id", turn.id().hex())
        .putIfPresent("session_id", turn.session())
        .putIfPresent("agent", turn.agent())
        .put("prompt", turn.prompt())
        .put("start", turn.start().toString())
        .put("duration_ms", Duration.between(turn.start(), turn.end()).toMillis())
        .putIfPresent("tokens", tokensJson(turn.usage()))
        .put("spans", spans)
        .build();
  }

  private static void spans(Node node, @Nullable String parent, List<Json> into) {
    Json.Builder span =
        Json.object()
            .put("span_id", node.id().hex())
            .putIfPresent("parent_span_id", parent)
            .put("kind", node.kind().name().toLowerCase(Locale.ROOT))
            .put("name", node.name())
            .put("label", node.label())
            .put("start", node.start().toString())
            .put("duration_ms", node.duration().toMillis());
    Timing timing = node.timing();
    if (timing != null) {
      span.put("timing", timing.name().toLowerCase(Locale.ROOT));
    }
    switch (node.outcome()) {
      case Outcome.Ok ok -> span.put("outcome", "ok");
      case Outcome.Failed(String type, String message) ->
          span.put("outcome", "failed").put("error_type", type).put("error_message", message);
      case Outcome.Interrupted cut -> span.put("outcome", "interrupted");
      case Outcome.Unfinished cut -> span.put("outcome", "unfinished");
    }
    TokenUsage usage = node.usage();
    if (usage != null) {
      span.putIfPresent("tokens", tokensJson(usage));
    }
    List<Json> events = new ArrayList<>();
    for (Event event : node.events()) {
      events.add(
          Json.object()
              .put("name", event.name())
              .put("time", instant(event.time()))
              .put("attributes", event.attributes())
              .build());
    }
    if (!events.isEmpty()) {
      span.put("events", events);
    }
    into.add(span.build());
    node.children().forEach(child -> spans(child, node.id().hex(), into));
  }

  private static String instant(Instant time) {
    return time.toString();
  }

  static Json.@Nullable Obj tokensJson(TokenUsage usage) {
    if (usage.quality() == TokenUsage.Quality.UNKNOWN) {
      return null;
    }
    return Json.object()
        .put("input", usage.input())
        .put("output", usage.output())
        .put("cache_read", usage.cacheRead())
        .put("cache_creation", usage.cacheCreation())
        .put("quality", usage.quality().name().toLowerCase(Locale.ROOT))
        .build();
  }
}
