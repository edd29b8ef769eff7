package dev.ucode.drain;

import dev.ucode.http.Deadline;
import dev.ucode.sink.SendResult;
import dev.ucode.sink.Shipment;
import dev.ucode.sink.SpanContext;
import dev.ucode.sink.TraceSink;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A destination that appends whatever it is sent, and can be told to go wrong. */
final class Table implements TraceSink {
  /** What becomes of one request. */
  enum Fate {
    TAKEN,
    /** 429 or a refused connection. */
    REFUSED,
    CUT_BEFORE_COMMIT,
    CUT_AFTER_COMMIT,
    /** Cut, and committed only half a minute later. */
    COMMITTED_LATE,
    BLOCKED
  }

  private record Row(SpanId id, Instant shownFrom) {}

  final InstantSource clock;

  /** Fates of the next requests; taken when there are no more. */
  final Deque<Fate> fates = new ArrayDeque<>();

  /** Spans that are refused for good, by the whole request or, partially, alone. */
  final Set<SpanId> poison = new HashSet<>();

  boolean partial;
  boolean refuseEverything;
  @Nullable Duration retryAfter;
  String warehouse = "RUNNING";

  final List<String> requests = new ArrayList<>();
  final Map<TraceId, Integer> infos = new HashMap<>();
  final Map<String, String> tags = new LinkedHashMap<>();
  private final Map<TraceId, List<Row>> rows = new HashMap<>();

  Table(InstantSource clock) {
    this.clock = clock;
  }

  /** Every row there is of a trace, copies included, whether shown yet or not. */
  List<SpanId> rows(TraceId trace) {
    return rows.getOrDefault(trace, List.of()).stream().map(Row::id).toList();
  }

  @Override
  public Shipment spans(TraceId trace, List<Span> spans, SpanContext context) {
    return shipment(
        "spans " + spans.size(), () -> append(trace, spans, Duration.ZERO), trace, spans);
  }

  @Override
  public Shipment info(Trace trace) {
    return shipment("info", () -> infos.merge(trace.id(), 1, Integer::sum), trace.id(), List.of());
  }

  @Override
  public Shipment tags(TraceId trace, Map<String, String> some) {
    return shipment("tags", () -> tags.putAll(some), trace, List.of());
  }

  private Shipment shipment(String what, Runnable commit, TraceId trace, List<Span> spans) {
    return new Shipment() {
      @Override
      public long bytes() {
        return 100L * spans.size() + 50;
      }

      @Override
      public SendResult send(Deadline deadline) {
        requests.add(what);
        Fate fate = fates.isEmpty() ? Fate.TAKEN : fates.removeFirst();
        return switch (fate) {
          case REFUSED -> new SendResult.NotTaken("HTTP 429", retryAfter);
          case BLOCKED -> new SendResult.Blocked("sign in");
          case CUT_BEFORE_COMMIT -> new SendResult.Unknown("cut");
          case CUT_AFTER_COMMIT -> {
            commit.run();
            yield new SendResult.Unknown("cut");
          }
          case COMMITTED_LATE -> {
            if (spans.isEmpty()) {
              commit.run();
            } else {
              append(trace, spans, Duration.ofSeconds(30));
            }
            yield new SendResult.Unknown("cut");
          }
          case TAKEN -> take(commit, trace, spans);
        };
      }
    };
  }

  private SendResult take(Runnable commit, TraceId trace, List<Span> spans) {
    if (refuseEverything) {
      return new SendResult.Rejected("HTTP 400: no such column");
    }
    List<Span> good = spans.stream().filter(span -> !poison.contains(span.id())).toList();
    if (good.size() == spans.size()) {
      commit.run();
      return SendResult.DELIVERED;
    }
    if (!partial || good.isEmpty()) {
      return new SendResult.Rejected("poison");
    }
    append(trace, good, Duration.ZERO);
    return new SendResult.Unknown("some rejected");
  }

  private void append(TraceId trace, List<Span> spans, Duration late) {
    List<Row> all = rows.computeIfAbsent(trace, id -> new ArrayList<>());
    for (Span span : spans) {
      all.add(new Row(span.id(), clock.instant().plus(late)));
    }
  }

  @Override
  public Presence present(TraceId trace, Deadline deadline) {
    requests.add("present");
    return switch (warehouse) {
      case "RUNNING" -> {
        Set<SpanId> shown = new HashSet<>();
        for (Row row : rows.getOrDefault(trace, List.of())) {
          if (!row.shownFrom().isAfter(clock.instant())) {
            shown.add(row.id());
          }
        }
        yield new Presence.Spans(shown);
      }
      case "NONE" -> new Presence.Never("no warehouse");
      default -> new Presence.NotNow("warehouse " + warehouse);
    };
  }
}
