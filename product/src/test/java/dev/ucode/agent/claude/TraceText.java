package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Traces as a text that a person can read and compare: times as offsets, content abridged. */
final class TraceText {
  private static final int WIDTH = 160;

  private final StringBuilder out = new StringBuilder();

  static String of(List<TraceUpdate> updates) {
    TraceText text = new TraceText();
    for (TraceUpdate update : updates) {
      switch (update) {
        case TraceUpdate.Closed(Trace trace) -> text.trace(trace);
        case TraceUpdate.Late late -> text.late(late);
      }
    }
    return text.out.toString();
  }

  private void trace(Trace trace) {
    line(
        0,
        "trace %s  session %s  prompt %s  %s  %s, %s"
            .formatted(
                cut(trace.id().hex(), 8),
                cut(trace.session().value(), 8),
                cut(trace.promptUuid(), 8),
                trace.start(),
                ms(trace.start(), trace.end()),
                trace.state()));
    facts("metadata", trace.metadata());
    facts("tags", trace.tags());
    tree(trace.spans(), null, trace.start(), 1);
    out.append('\n');
  }

  private void late(TraceUpdate.Late late) {
    line(0, "late for trace %s".formatted(cut(late.traceId().hex(), 8)));
    facts("tags", late.tags());
    for (Span span : late.spans()) {
      boolean top = late.spans().stream().noneMatch(s -> s.id().equals(span.parent()));
      if (top) {
        line(1, "under span " + cut(String.valueOf(span.parent()), 6));
        span(span, late.spans(), late.spans().getFirst().start(), 2);
      }
    }
    out.append('\n');
  }

  private void facts(String what, Map<String, String> facts) {
    facts.forEach((key, value) -> line(1, what + " " + key + " = " + abridged(value)));
  }

  private void tree(List<Span> spans, @Nullable SpanId parent, Instant zero, int depth) {
    for (Span span : spans) {
      if (Objects.equals(span.parent(), parent)) {
        span(span, spans, zero, depth);
      }
    }
  }

  private void span(Span span, List<Span> all, Instant zero, int depth) {
    line(
        depth,
        "%s %s  %s..%s %s  %s"
            .formatted(
                span.name(),
                cut(span.id().hex(), 6),
                ms(zero, span.start()),
                ms(zero, span.end()),
                span.timing().name().toLowerCase(Locale.ROOT),
                outcome(span.outcome())));
    switch (span.detail()) {
      case Detail.Turn turn -> {
        line(depth + 2, "prompt: " + abridged(turn.prompt()));
        line(depth + 2, "response: " + abridged(turn.response()));
      }
      case Detail.ModelCall call -> {
        line(
            depth + 2,
            "%s %s %s stop=%s %s"
                .formatted(
                    call.model(),
                    cut(call.messageId(), 10),
                    cut(String.valueOf(call.requestId()), 10),
                    call.stopReason(),
                    usage(call.usage())));
        call.input()
            .items()
            .forEach(message -> line(depth + 2, "in  " + abridged(message.write())));
        call.output().items().forEach(block -> line(depth + 2, "out " + abridged(block.write())));
      }
      case Detail.ToolCall call -> {
        line(
            depth + 2,
            "%s%s input %s"
                .formatted(
                    cut(call.callId(), 12),
                    call.mcpServer() == null ? "" : " mcp=" + call.mcpServer(),
                    abridged(call.input().write())));
        Json result = call.result();
        line(depth + 2, "result " + (result == null ? "none" : abridged(result.write())));
      }
      case Detail.Subagent agent -> {
        line(
            depth + 2,
            "%s%s %s: %s"
                .formatted(
                    agent.agentId(),
                    agent.background() ? " in the background" : "",
                    agent.description(),
                    abridged(agent.prompt())));
        line(depth + 2, "response: " + abridged(agent.response()));
      }
    }
    if (!span.extra().members().isEmpty()) {
      line(depth + 2, "extra " + abridged(span.extra().write()));
    }
    for (Event event : span.events()) {
      line(
          depth + 2,
          "event %s %s %s"
              .formatted(
                  event.name(), ms(zero, event.time()), abridged(event.attributes().write())));
    }
    tree(all, span.id(), zero, depth + 1);
  }

  private static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok() -> "ok";
      case Outcome.Failed(String type, String message) ->
          "FAILED " + type + ": " + abridged(message);
      case Outcome.Interrupted() -> "INTERRUPTED";
      case Outcome.Unfinished() -> "UNFINISHED";
    };
  }

  private static String usage(TokenUsage usage) {
    return "tokens(%s in=%d out=%d read=%d write=%d)"
        .formatted(
            usage.quality().name().toLowerCase(Locale.ROOT),
            usage.input(),
            usage.output(),
            usage.cacheRead(),
            usage.cacheCreation());
  }

  private static String ms(Instant from, Instant to) {
    Duration time = Duration.between(from, to);
    return time.toMillis() + "ms";
  }

  private static String abridged(String text) {
    String shown = text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    return shown.length() <= WIDTH
        ? shown
        : shown.substring(0, WIDTH) + "… (" + text.length() + " characters)";
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }
}
