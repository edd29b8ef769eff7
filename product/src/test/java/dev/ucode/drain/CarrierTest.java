package dev.ucode.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.drain.Table.Fate;
import dev.ucode.name.AgentId;
import dev.ucode.os.Steps;
import dev.ucode.sink.TraceSink;
import dev.ucode.store.DeliveryFigures;
import dev.ucode.store.Harvest;
import dev.ucode.store.MemoryStore;
import dev.ucode.store.Parcel;
import dev.ucode.store.SessionState;
import dev.ucode.store.SpanState;
import dev.ucode.store.SpanStatus;
import dev.ucode.store.Store;
import dev.ucode.trace.SampleTraces;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CarrierTest {
  private static final String TO = "d1";

  private final TestClock clock = new TestClock();
  private final Store store = new MemoryStore();
  private final Table table = new Table(clock);
  private boolean configured = true;
  private Carrier carrier = carrier(Steps.UNWATCHED);

  @Test
  void spansGoFirstAndTheTracesOwnRecordLast() {
    Trace trace = put(SampleTraces.turn("p", 3));
    finish();
    assertThat(table.requests).containsExactly("spans 5", "info");
    arrivedOnce(trace);
    assertThat(parcel(trace).state()).isEqualTo(Parcel.State.DELIVERED);
    DeliveryFigures figures = figures();
    assertThat(figures.delivered()).isEqualTo(1);
    assertThat(figures.pending()).isZero();
    assertThat(figures.lastDelivery()).isNotNull();
  }

  @Test
  void aLargeTraceIsSplit() {
    Trace trace = put(SampleTraces.turn("p", 3));
    Parcel parcel = parcel(trace);
    store.outbox().put(parcel.mostSpans(2), List.of());
    finish();
    assertThat(table.requests).containsExactly("spans 2", "spans 2", "spans 1", "info");
    arrivedOnce(trace);
  }

  @Test
  void whatWasCutAfterTheCommitIsNotSentAgain() {
    Trace trace = put(SampleTraces.turn("p", 3));
    table.fates.add(Fate.CUT_AFTER_COMMIT);
    rest();
    assertThat(parcel(trace).spans(SpanStatus.UNKNOWN)).hasSize(5);
    assertThat(figures().inDoubt()).isEqualTo(1);
    assertThat(table.requests).as("it is too early to ask").containsExactly("spans 5");
    finish();
    assertThat(table.requests).containsExactly("spans 5", "present", "info");
    arrivedOnce(trace);
    assertThat(store.views().disclosures(trace.id()))
        .allSatisfy(d -> assertThat(d.acknowledged()).isNotNull());
  }

  @Test
  void whatWasCommittedLateIsNotSentAgain() {
    Trace trace = put(SampleTraces.turn("p", 3));
    table.fates.add(Fate.COMMITTED_LATE);
    finish();
    arrivedOnce(trace);
  }

  @Test
  void whatWasCutBeforeTheCommitIsSentAgain() {
    Trace trace = put(SampleTraces.turn("p", 3));
    table.fates.add(Fate.CUT_BEFORE_COMMIT);
    finish();
    assertThat(table.requests).containsExactly("spans 5", "present", "spans 5", "info");
    arrivedOnce(trace);
    assertThat(figures().doublySent()).isZero();
  }

  @Test
  void oneTraceInDoubtKeepsNoOtherWaiting() {
    Trace first = put(SampleTraces.turn("a", 0));
    Trace second = put(SampleTraces.turn("b", 0));
    table.fates.add(Fate.CUT_AFTER_COMMIT);
    rest();
    clock.pass(Duration.ofSeconds(10)); // beyond the pause after a failure, within the doubt
    rest();
    List<Parcel.State> states = List.of(parcel(first).state(), parcel(second).state());
    assertThat(states).containsExactlyInAnyOrder(Parcel.State.WAITING, Parcel.State.DELIVERED);
    finish();
    arrivedOnce(first);
    arrivedOnce(second);
  }

  @Test
  void aSpanThatIsRefusedInsideItsRequestIsFoundAndSetAside() {
    Trace trace = put(SampleTraces.turn("p", 30));
    SpanId bad = trace.spans().get(17).id();
    table.poison.add(bad);
    finish();
    onlyMissing(trace, bad);
    assertThat(table.requests.size()).as("requests: %s", table.requests).isLessThan(15);
  }

  @Test
  void aSpanThatIsRefusedByPartialSuccessIsFoundAndSetAside() {
    Trace trace = put(SampleTraces.turn("p", 30));
    SpanId bad = trace.spans().get(17).id();
    table.poison.add(bad);
    table.partial = true;
    finish();
    onlyMissing(trace, bad);
    assertThat(table.requests.size()).as("requests: %s", table.requests).isLessThan(10);
  }

  @Test
  void whatIsRefusedAltogetherIsSetAsideAfterAFewRequests() {
    Trace trace = put(SampleTraces.turn("p", 100));
    table.refuseEverything = true;
    finish();
    assertThat(parcel(trace).state()).isEqualTo(Parcel.State.QUARANTINED);
    assertThat(store.views().quarantined().getFirst().why()).contains("no such column");
    assertThat(table.requests.size()).as("requests: %s", table.requests).isLessThan(60);
    table.refuseEverything = false;
    store.outbox().replay(trace.id(), TO, clock.instant());
    finish();
    arrivedOnce(trace);
    assertThat(parcel(trace).state()).isEqualTo(Parcel.State.DELIVERED);
  }

  @Test
  void theServersOwnWishIsHonoured() {
    Trace trace = put(SampleTraces.turn("p", 0));
    table.fates.add(Fate.REFUSED);
    table.retryAfter = Duration.ofSeconds(17);
    Instant asked = clock.instant();
    rest();
    assertThat(figures().nextAttempt()).isEqualTo(asked.plusSeconds(17));
    clock.pass(Duration.ofSeconds(16));
    rest();
    assertThat(table.requests).hasSize(1);
    clock.pass(Duration.ofSeconds(2));
    rest();
    arrivedOnce(trace);
  }

  @Test
  void pausesGrowWhileNothingIsTakenAndNothingIsGivenUp() {
    Trace trace = put(SampleTraces.turn("p", 0));
    for (int i = 0; i < 300; i++) {
      table.fates.add(Fate.REFUSED);
    }
    Instant start = clock.instant();
    finish();
    arrivedOnce(trace);
    assertThat(Duration.between(start, clock.instant())).isGreaterThan(Duration.ofDays(1));
    assertThat(table.requests).hasSize(302);
  }

  @Test
  void whatAPersonMustDoIsShownAndTriedAgain() {
    Trace trace = put(SampleTraces.turn("p", 0));
    put(SampleTraces.turn("q", 0));
    table.fates.add(Fate.BLOCKED);
    rest();
    assertThat(table.requests).as("the second waits too").hasSize(1);
    assertThat(figures().blocked()).isEqualTo("sign in");
    store.outbox().put(store.outbox().destination(TO).retryNow());
    rest();
    arrivedOnce(trace);
    assertThat(figures().blocked()).isNull();
  }

  @Test
  void aDestinationNobodyKnowsAnyMoreKeepsItsTraces() {
    Trace trace = put(SampleTraces.turn("p", 0));
    configured = false;
    rest();
    assertThat(figures().blocked()).contains("ucode configure");
    assertThat(table.requests).isEmpty();
    configured = true;
    finish();
    arrivedOnce(trace);
  }

  @Test
  void aStoppedWarehouseIsWaitedFor() {
    Trace trace = put(SampleTraces.turn("p", 1));
    table.fates.add(Fate.CUT_AFTER_COMMIT);
    table.warehouse = "STOPPED";
    rest();
    for (int i = 0; i < 20; i++) {
      clock.pass(Duration.ofMinutes(30));
      rest();
    }
    assertThat(table.rows(trace.id())).hasSize(3);
    assertThat(parcel(trace).why()).contains("STOPPED");
    table.warehouse = "RUNNING";
    finish();
    arrivedOnce(trace);
    assertThat(figures().doublySent()).isZero();
  }

  @Test
  void aQuestionNobodyAnswersForTooLongIsGivenUpAndCounted() {
    Trace trace = put(SampleTraces.turn("p", 1));
    table.fates.add(Fate.CUT_BEFORE_COMMIT);
    table.warehouse = "STOPPED";
    finish();
    arrivedOnce(trace);
    assertThat(figures().doublySent()).isEqualTo(3);
  }

  @Test
  void withoutAWarehouseWhatIsInDoubtIsSentAgainAndCounted() {
    Trace trace = put(SampleTraces.turn("p", 1));
    table.fates.add(Fate.CUT_AFTER_COMMIT);
    table.warehouse = "NONE";
    finish();
    assertThat(table.rows(trace.id())).hasSize(6);
    assertThat(new HashSet<>(table.rows(trace.id()))).hasSize(3);
    assertThat(figures().doublySent()).isEqualTo(3);
  }

  @Test
  void lateSpansFollowUnderTheirTraceWithATagAndNoSecondInfo() {
    Trace trace = put(SampleTraces.turn("p", 1));
    finish();
    Span late = SampleTraces.tool(trace.id(), trace.root().id(), "toolu_late");
    put(
        new TraceUpdate.Late(
            trace.id(),
            trace.session(),
            trace.agent(),
            List.of(late),
            Map.of("ucode.late_spans", "1")));
    finish();
    assertThat(table.requests).containsExactly("spans 3", "info", "spans 1", "tags");
    assertThat(table.rows(trace.id())).endsWith(late.id()).doesNotHaveDuplicates().hasSize(4);
    assertThat(table.infos).containsEntry(trace.id(), 1);
    assertThat(table.tags).containsEntry("ucode.late_spans", "1");
  }

  @Test
  void aRequestThatAProcessDiedInIsAskedAbout() {
    Trace trace = put(SampleTraces.turn("p", 1));
    List<SpanState> sending =
        parcel(trace).spans().stream().map(s -> s.sending(clock.instant())).toList();
    store
        .outbox()
        .begin(
            parcel(trace).with(sending),
            sending,
            dev.ucode.store.Disclosure.What.SPANS,
            1,
            clock.instant());
    Carrier.recover(store.outbox(), Pace.NORMAL);
    assertThat(parcel(trace).spans(SpanStatus.UNKNOWN)).hasSize(3);
    rest();
    assertThat(table.requests).as("it is too early to ask").isEmpty();
    finish();
    assertThat(table.requests).containsExactly("present", "spans 3", "info");
    arrivedOnce(trace);
  }

  /**
   * Whatever the destination does and wherever the process dies, in the end everything is there and
   * nothing is there twice.
   */
  @Property(tries = 400)
  void nothingIsMissingAndNothingIsThereTwice(
      @ForAll @Size(max = 12) List<Fate> fates,
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 12) Integer> deaths,
      @ForAll @IntRange(min = 1, max = 4) int mostSpans) {
    // jqwik makes one instance for all tries
    CarrierTest fresh = new CarrierTest();
    Trace a = fresh.put(SampleTraces.turn("a", 4));
    Trace b = fresh.put(SampleTraces.turn("b", 1));
    for (Trace trace : List.of(a, b)) {
      fresh.store.outbox().put(fresh.parcel(trace).mostSpans(mostSpans), List.of());
    }
    fresh.table.fates.addAll(fates);
    for (int death : deaths) {
      int[] left = {death};
      fresh.carrier =
          fresh.carrier(
              step -> {
                left[0]--;
                if (left[0] == 0) {
                  throw new Death();
                }
              });
      try {
        fresh.finish();
      } catch (Death end) {
        Carrier.recover(fresh.store.outbox(), Pace.NORMAL);
      }
    }
    fresh.carrier = fresh.carrier(Steps.UNWATCHED);
    fresh.finish();
    fresh.arrivedOnce(a);
    fresh.arrivedOnce(b);
    assertThat(fresh.figures().delivered()).isEqualTo(2);
    assertThat(fresh.figures().doublySent()).isZero();
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private Carrier carrier(Steps steps) {
    Routes routes =
        new Routes() {
          @Override
          public @Nullable Stamp stamp(String destination) {
            return new Stamp("dev@acme.test");
          }

          @Override
          public @Nullable TraceSink sink(String destination) {
            return configured ? table : null;
          }
        };
    return new Carrier(TO, store, routes, Pace.NORMAL, clock, steps, new ReentrantLock());
  }

  private Trace put(Trace trace) {
    put(new TraceUpdate.Closed(trace));
    return trace;
  }

  private void put(TraceUpdate update) {
    SessionState session =
        SessionState.heardOf(AgentId.CLAUDE, SampleTraces.SESSION, TO, clock.instant());
    store
        .sessions()
        .harvest(
            new Harvest(
                session,
                List.of(new Harvest.Item(update, Map.of())),
                TO,
                true,
                "redacted",
                Map.of(),
                true,
                clock.instant()));
  }

  /** Steps until there is nothing to do at this moment. */
  private void rest() {
    for (int i = 0; i < 10_000; i++) {
      Instant next = carrier.step();
      if (next == null || next.isAfter(clock.instant())) {
        return;
      }
    }
    throw new AssertionError("it never rests: " + table.requests.size() + " requests");
  }

  /** Steps until nothing waits, however long that takes. */
  private void finish() {
    for (int i = 0; i < 10_000; i++) {
      Instant next = carrier.step();
      if (next == null) {
        return;
      }
      clock.moveTo(next);
    }
    throw new AssertionError("it never ends: " + table.requests.subList(0, 100));
  }

  private void arrivedOnce(Trace trace) {
    List<SpanId> ids = new ArrayList<>();
    trace.spans().forEach(span -> ids.add(span.id()));
    assertThat(table.rows(trace.id())).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(table.infos).containsKey(trace.id());
  }

  private void onlyMissing(Trace trace, SpanId bad) {
    List<SpanId> ids = new ArrayList<>();
    trace.spans().forEach(span -> ids.add(span.id()));
    ids.remove(bad);
    assertThat(table.rows(trace.id())).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(table.infos).containsKey(trace.id());
    assertThat(parcel(trace).state()).isEqualTo(Parcel.State.QUARANTINED);
    assertThat(parcel(trace).spans(SpanStatus.REJECTED))
        .extracting(SpanState::id)
        .containsExactly(bad);
  }

  private Parcel parcel(Trace trace) {
    return Objects.requireNonNull(store.outbox().find(trace.id(), TO));
  }

  private DeliveryFigures figures() {
    return store.views().deliveries().getFirst();
  }
}
