package dev.ucode.drain;

import dev.ucode.http.Deadline;
import dev.ucode.os.Steps;
import dev.ucode.sink.SendResult;
import dev.ucode.sink.Shipment;
import dev.ucode.sink.SpanContext;
import dev.ucode.sink.TraceSink;
import dev.ucode.store.DestinationState;
import dev.ucode.store.Disclosure;
import dev.ucode.store.Outbox;
import dev.ucode.store.Parcel;
import dev.ucode.store.SpanState;
import dev.ucode.store.SpanStatus;
import dev.ucode.store.Store;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits for one destination, one request at a time. Spans go first, one trace a request;
 * the trace's own record last. Before the first byte of a request its spans are marked as being
 * sent; a clean answer settles them; after any other outcome the destination is asked what it has,
 * and only the rest is sent again.
 */
final class Carrier {
  /** Room for the resource and for what the wire adds, below what a gateway is likely to take. */
  private static final long REQUEST_BYTES = 4L << 20;

  /** When so many spans of one trace are refused alone, it is not the spans that are at fault. */
  private static final int TOO_MANY = 5;

  private final String destination;
  private final Store store;
  private final Outbox outbox;
  private final Routes routes;
  private final Pace pace;
  private final InstantSource clock;
  private final Steps steps;

  /**
   * Held while a parcel is read and changed, never while a request is under way: the reader may add
   * late spans to the same parcel.
   */
  private final ReentrantLock gate;

  Carrier(
      String destination,
      Store store,
      Routes routes,
      Pace pace,
      InstantSource clock,
      Steps steps,
      ReentrantLock gate) {
    this.destination = destination;
    this.store = store;
    this.outbox = store.outbox();
    this.routes = routes;
    this.pace = pace;
    this.clock = clock;
    this.steps = steps;
    this.gate = gate;
  }

  /** A worker died with requests under way: what became of them has to be asked. */
  static void recover(Outbox outbox, Pace pace) {
    for (Parcel parcel : outbox.cutOff()) {
      List<SpanState> doubtful = new ArrayList<>();
      Instant since = Instant.EPOCH;
      for (SpanState span : parcel.spans(SpanStatus.SENDING)) {
        doubtful.add(span.unknown());
        Instant began = span.since();
        since = began != null && began.isAfter(since) ? began : since;
      }
      outbox.put(
          parcel
              .with(doubtful)
              .failed("the sending process was killed")
              .at(since.plus(pace.doubt())),
          doubtful);
    }
  }

  /**
   * Does the next thing there is to do.
   *
   * @return when to be called again: a moment that has passed means at once, null that nothing
   *     waits
   */
  @Nullable Instant step() {
    Instant now = clock.instant();
    DestinationState state = outbox.destination(destination);
    if (now.isBefore(state.retryAt())) {
      return outbox.nextAttempt(destination) == null ? null : state.retryAt();
    }
    Parcel parcel = outbox.next(destination, now);
    if (parcel == null) {
      return outbox.nextAttempt(destination);
    }
    TraceSink sink = routes.sink(destination);
    if (sink == null) {
      outbox.put(
          state.blocked(
              "the workspace these traces go to is no longer configured; run: ucode configure"
                  + " --tracing",
              now,
              now.plus(pace.blockedRetry())));
      return now.plus(pace.blockedRetry());
    }
    attend(parcel, sink, now);
    return now;
  }

  private void attend(Parcel parcel, TraceSink sink, Instant now) {
    if (!parcel.spans(SpanStatus.UNKNOWN).isEmpty()) {
      ask(parcel, sink, now);
      return;
    }
    Trace trace = store.views().trace(parcel.trace());
    if (trace == null) {
      quarantine(parcel, "its content is gone from the store", now);
      return;
    }
    List<SpanState> pending = parcel.spans(SpanStatus.PENDING);
    if (!pending.isEmpty()) {
      sendSpans(parcel, trace, pending, sink, now);
    } else if (parcel.rejections() > 0 && parcel.spans(SpanStatus.DELIVERED).isEmpty()) {
      quarantine(parcel, parcel.why() == null ? "refused" : parcel.why(), now);
    } else if (!parcel.infoSent()) {
      send(
          parcel,
          List.of(),
          Disclosure.What.INFO,
          sink.info(trace),
          done -> done.infoSent(true),
          now);
    } else if (!parcel.tags().isEmpty()) {
      Map<String, String> tags = parcel.tags();
      send(
          parcel,
          List.of(),
          Disclosure.What.TAGS,
          sink.tags(parcel.trace(), tags),
          done -> done.tags(without(done.tags(), tags)),
          now);
    } else {
      settle(parcel, now);
    }
  }

  private static Map<String, String> without(Map<String, String> tags, Map<String, String> set) {
    Map<String, String> left = new LinkedHashMap<>(tags);
    set.forEach(left::remove);
    return left;
  }

  private void sendSpans(
      Parcel parcel, Trace trace, List<SpanState> pending, TraceSink sink, Instant now) {
    List<SpanState> chosen = new ArrayList<>();
    long bytes = 0;
    for (SpanState span : pending) {
      bytes += span.size();
      if (!chosen.isEmpty() && (chosen.size() >= parcel.mostSpans() || bytes > REQUEST_BYTES)) {
        break;
      }
      chosen.add(span);
    }
    List<SpanId> ids = new ArrayList<>();
    chosen.forEach(span -> ids.add(span.id()));
    List<Span> content = outbox.spans(parcel.trace(), ids);
    if (content.size() != chosen.size()) {
      quarantine(parcel, "the content of some spans is gone from the store", now);
      return;
    }
    SpanContext context =
        new SpanContext(
            trace.agent(),
            trace.metadata().get("mlflow." + trace.agent().value() + "_code_version"),
            trace.session(),
            trace.metadata().get("mlflow.trace.user"));
    send(
        parcel,
        chosen,
        Disclosure.What.SPANS,
        sink.spans(parcel.trace(), content, context),
        done -> done,
        now);
  }

  /** One request, written down before and after. */
  private void send(
      Parcel parcel,
      List<SpanState> spans,
      Disclosure.What what,
      Shipment shipment,
      UnaryOperator<Parcel> taken,
      Instant now) {
    List<SpanState> sending = new ArrayList<>();
    spans.forEach(span -> sending.add(span.sending(now)));
    long request;
    gate.lock();
    try {
      Parcel current = current(parcel).with(sending);
      request = outbox.begin(current, sending, what, shipment.bytes(), now);
    } finally {
      gate.unlock();
    }
    steps.reached("request begun: " + what);
    SendResult result = shipment.send(Deadline.in(pace.request()));
    steps.reached("request answered: " + what);
    Instant ended = clock.instant();
    gate.lock();
    try {
      end(request, current(parcel), sending, result, taken, ended);
    } finally {
      gate.unlock();
    }
    steps.reached("outcome written: " + what);
  }

  private void end(
      long request,
      Parcel parcel,
      List<SpanState> sending,
      SendResult result,
      UnaryOperator<Parcel> taken,
      Instant now) {
    DestinationState state = outbox.destination(destination);
    List<SpanState> spans = new ArrayList<>();
    Parcel after;
    String outcome;
    switch (result) {
      case SendResult.Delivered() -> {
        sending.forEach(span -> spans.add(span.settled(SpanStatus.DELIVERED)));
        after = taken.apply(parcel.with(spans)).wentWell().at(now);
        state = state.took(now);
        outcome = "delivered";
      }
      case SendResult.NotTaken(String why, Duration wish) -> {
        sending.forEach(span -> spans.add(span.settled(SpanStatus.PENDING)));
        after = parcel.with(spans).failed(why);
        Duration pause = wish == null ? pace.retry(state.failures()) : wish;
        state = state.failed(why, now, now.plus(pause));
        outcome = "not taken: " + why;
      }
      case SendResult.Blocked(String why) -> {
        sending.forEach(span -> spans.add(span.settled(SpanStatus.PENDING)));
        after = parcel.with(spans).failed(why);
        state = state.blocked(why, now, now.plus(pace.blockedRetry()));
        outcome = "blocked: " + why;
      }
      case SendResult.Unknown(String why) -> {
        sending.forEach(span -> spans.add(span.unknown()));
        Parcel failed = parcel.with(spans).failed(why);
        Duration pause = pace.retry(state.failures());
        // Trace info and tags are named by what they hold: they can simply be sent again.
        after = failed.at(sending.isEmpty() ? now.plus(pause) : since(sending).plus(pace.doubt()));
        state = state.failed(why, now, now.plus(pause));
        outcome = "unknown: " + why;
      }
      case SendResult.Rejected(String why) -> {
        if (sending.size() > 1) {
          // One of them is at fault: halve until it stands alone.
          sending.forEach(span -> spans.add(span.settled(SpanStatus.PENDING)));
          after = parcel.with(spans).mostSpans(sending.size() / 2).failed(why).at(now);
        } else if (sending.size() == 1) {
          // Found: the others travel together again.
          spans.add(sending.getFirst().settled(SpanStatus.REJECTED));
          int refused = parcel.rejections() + 1;
          Parcel rest =
              parcel.with(spans).rejections(refused).mostSpans(Parcel.ALL).failed(why).at(now);
          after = refused < TOO_MANY ? rest : rest.state(Parcel.State.QUARANTINED);
        } else {
          after =
              parcel
                  .rejections(parcel.rejections() + 1)
                  .failed(why)
                  .state(Parcel.State.QUARANTINED);
        }
        state = state.refused(why, now);
        outcome = "rejected: " + why;
      }
    }
    outbox.end(request, after, spans, state, outcome, result instanceof SendResult.Delivered, now);
  }

  /** The outcome of a request is not known: ask what arrived, once that can be told. */
  private void ask(Parcel parcel, TraceSink sink, Instant now) {
    List<SpanState> doubtful = parcel.spans(SpanStatus.UNKNOWN);
    Instant tellable = since(doubtful).plus(pace.doubt());
    if (now.isBefore(tellable)) {
      change(parcel, List.of(), current -> current.at(tellable));
      return;
    }
    TraceSink.Presence presence = sink.present(parcel.trace(), Deadline.in(pace.request()));
    steps.reached("presence answered");
    List<SpanState> settled = new ArrayList<>();
    switch (presence) {
      case TraceSink.Presence.Spans(var ids) -> {
        for (SpanState span : doubtful) {
          settled.add(
              span.settled(ids.contains(span.id()) ? SpanStatus.DELIVERED : SpanStatus.PENDING));
        }
        gate.lock();
        try {
          outbox.answered(current(parcel).with(settled).wentWell().at(now), settled, now);
        } finally {
          gate.unlock();
        }
      }
      case TraceSink.Presence.NotNow(String why) -> {
        if (now.isAfter(since(doubtful).plus(pace.answer()))) {
          sendAgain(parcel, doubtful, "nobody could tell for too long: " + why, now);
        } else {
          Duration pause = pace.retry(Math.max(3, parcel.attempts()));
          change(parcel, List.of(), current -> current.failed(why).at(now.plus(pause)));
        }
      }
      case TraceSink.Presence.Never(String why) -> sendAgain(parcel, doubtful, why, now);
    }
    steps.reached("presence written");
  }

  private void sendAgain(Parcel parcel, List<SpanState> doubtful, String why, Instant now) {
    List<SpanState> again = new ArrayList<>();
    doubtful.forEach(span -> again.add(span.again()));
    change(parcel, again, current -> current.failed(why).at(now));
  }

  private void settle(Parcel parcel, Instant now) {
    change(
        parcel,
        List.of(),
        current -> {
          boolean whole =
              current.infoSent()
                  && current.tags().isEmpty()
                  && current.spans(SpanStatus.PENDING).isEmpty()
                  && current.spans(SpanStatus.UNKNOWN).isEmpty();
          return whole
              ? current.state(
                  current.rejections() > 0 ? Parcel.State.QUARANTINED : Parcel.State.DELIVERED)
              : current.at(now);
        });
    steps.reached("parcel settled");
  }

  private void quarantine(Parcel parcel, String why, Instant now) {
    change(
        parcel, List.of(), current -> current.failed(why).at(now).state(Parcel.State.QUARANTINED));
  }

  private void change(Parcel parcel, List<SpanState> spans, UnaryOperator<Parcel> change) {
    gate.lock();
    try {
      outbox.put(change.apply(current(parcel).with(spans)), spans);
    } finally {
      gate.unlock();
    }
  }

  /** The parcel as it is now: late spans may have joined it since it was taken out. */
  private Parcel current(Parcel parcel) {
    Parcel found = outbox.find(parcel.trace(), destination);
    return found == null ? parcel : found;
  }

  private static Instant since(List<SpanState> spans) {
    Instant latest = Instant.EPOCH;
    for (SpanState span : spans) {
      Instant since = span.since();
      latest = since != null && since.isAfter(latest) ? since : latest;
    }
    return latest;
  }
}
