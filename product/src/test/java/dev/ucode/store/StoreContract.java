package dev.ucode.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.store.Disclosure.What;
import dev.ucode.store.Views.TraceQuery;
import dev.ucode.trace.SampleTraces;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Cursor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does, whatever it is made of. */
public abstract class StoreContract {
  protected static final Instant NOW = Instant.parse("2026-11-22T20:13:05.123456789Z");
  protected static final String TO = "d1";

  protected Store store = new MemoryStore();

  /** An empty store. */
  protected abstract Store open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aSessionComesBackAsItWas() {
    SessionState bare = session("s1");
    SessionState full =
        session("s2")
            .change()
            .destination("d2")
            .transcript(Path.of("/home/dev/p/s2.jsonl"))
            .folder(Path.of("/home/dev/w ö"))
            .visits(
                List.of(
                    new Visit(0, null, NOW, NOW.plusNanos(1)),
                    new Visit(77, NOW.minusSeconds(1), NOW, null)))
            .heard(NOW.plusSeconds(5))
            .stopped(NOW.plusSeconds(4))
            .ended(NOW.plusSeconds(5))
            .read(
                new Cursor(1L << 40, Json.object().put("x", Json.array(Json.of("ü\0"))).build()),
                true,
                2,
                "2.1.330")
            .build();
    store.sessions().put(bare);
    store.sessions().put(full);
    assertThat(store.sessions().find(bare.agent(), bare.session())).isEqualTo(bare);
    assertThat(store.sessions().find(full.agent(), full.session())).isEqualTo(full);
    assertThat(store.sessions().find(new AgentId("codex"), bare.session())).isNull();
    assertThat(store.sessions().living()).containsExactly(full, bare);
    store.sessions().put(full.change().over(true).build());
    assertThat(store.sessions().living()).containsExactly(bare);
  }

  @Test
  void aSessionThatCouldNotBeReadIsShown() {
    SessionState bad = session("s1").change().trouble("broken").trouble("broken again").build();
    store.sessions().put(bad);
    assertThat(store.views().troubled()).containsExactly(bad);
    assertThat(bad.troubles()).isEqualTo(2);
    store.sessions().put(bad.change().read(Cursor.START, false, 0, "").build());
    assertThat(store.views().troubled()).isEmpty();
  }

  @Test
  void aHarvestIsPositionTraceAndParcelAtOnce() {
    Trace trace = SampleTraces.turn("p1", 2);
    SessionState after =
        session("s1").change().read(new Cursor(99, Cursor.START.memory()), false, 0, "2").build();
    Sessions.Stored stored = store.sessions().harvest(harvest(after, closed(trace)));
    assertThat(stored).isEqualTo(new Sessions.Stored(1, 4));
    assertThat(store.sessions().find(after.agent(), after.session())).isEqualTo(after);
    assertThat(store.known().contains(trace.id())).isTrue();
    assertThat(store.known().contains(SampleTraces.turn("p2", 0).id())).isFalse();
    assertThat(store.views().trace(trace.id())).isEqualTo(trace);
    Parcel parcel = parcel(trace);
    assertThat(parcel.state()).isEqualTo(Parcel.State.WAITING);
    assertThat(parcel.accepted()).isEqualTo(NOW);
    assertThat(parcel.spans()).extracting(SpanState::id).isEqualTo(ids(trace.spans()));
    assertThat(parcel.spans())
        .allSatisfy(
            span -> {
              assertThat(span.status()).isEqualTo(SpanStatus.PENDING);
              assertThat(span.size()).isPositive();
            });
    assertThat(store.outbox().destinations()).containsExactly(TO);
    assertThat(store.outbox().next(TO, NOW)).isEqualTo(parcel);
    assertThat(store.outbox().next(TO, NOW.minusNanos(1))).isNull();
    assertThat(store.outbox().next("d2", NOW)).isNull();
    assertThat(store.outbox().nextAttempt(TO)).isEqualTo(NOW);
  }

  @Test
  void aTraceAssembledAgainStaysAsItWas() {
    Trace trace = SampleTraces.turn("p1", 2);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    Parcel before = parcel(trace);
    assertThat(store.sessions().harvest(harvest(session("s2"), closed(trace))))
        .isEqualTo(new Sessions.Stored(0, 0));
    assertThat(parcel(trace)).isEqualTo(before);
    assertThat(count(Counter.REPEATED_TRACE)).isEqualTo(1);
  }

  @Test
  void whatStaysHereHasNoParcel() {
    Trace trace = SampleTraces.turn("p1", 0);
    store
        .sessions()
        .harvest(
            new Harvest(
                session("s1"), List.of(closed(trace)), null, true, "full", Map.of(), true, NOW));
    assertThat(store.outbox().destinations()).isEmpty();
    assertThat(store.views().trace(trace.id())).isEqualTo(trace);
    assertThat(store.views().deliveries()).isEmpty();
  }

  @Test
  void lateSpansReopenTheParcelAndGoWhereTheTraceWent() {
    Trace trace = SampleTraces.turn("p1", 1);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    deliver(trace);
    Span late = SampleTraces.tool(trace.id(), trace.root().id(), "toolu_late");
    TraceUpdate.Late update =
        new TraceUpdate.Late(
            trace.id(),
            trace.session(),
            trace.agent(),
            List.of(late, trace.spans().getLast()),
            Map.of("ucode.late_spans", "1"));
    Instant later = NOW.plusSeconds(60);
    Harvest harvest =
        new Harvest(
            session("s1"),
            List.of(new Harvest.Item(update, Map.of())),
            "another",
            true,
            "redacted",
            Map.of(),
            true,
            later);
    assertThat(store.sessions().harvest(harvest)).isEqualTo(new Sessions.Stored(0, 1));
    Parcel parcel = parcel(trace);
    assertThat(parcel.state()).isEqualTo(Parcel.State.WAITING);
    assertThat(parcel.accepted()).isEqualTo(later);
    assertThat(parcel.nextAttempt()).isEqualTo(later);
    assertThat(parcel.infoSent()).isTrue();
    assertThat(parcel.tags()).isEqualTo(Map.of("ucode.late_spans", "1"));
    assertThat(parcel.spans(SpanStatus.PENDING))
        .extracting(SpanState::id)
        .containsExactly(late.id());
    assertThat(store.outbox().spans(trace.id(), List.of(late.id()))).containsExactly(late);
    assertThat(count(Counter.REPEATED_SPAN)).isEqualTo(1);
    Trace whole = Objects.requireNonNull(store.views().trace(trace.id()));
    assertThat(whole.spans()).hasSize(4).endsWith(late);
    assertThat(whole.tags()).containsEntry("ucode.late_spans", "1");
  }

  @Test
  void lateSpansDoNotHurryAParcelThatWaitsForAnAnswer() {
    Trace trace = SampleTraces.turn("p1", 1);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    Instant due = NOW.plusSeconds(45);
    Parcel parcel = parcel(trace);
    List<SpanState> sending = parcel.spans().stream().map(s -> s.sending(NOW)).toList();
    long request = store.outbox().begin(parcel.with(sending), sending, What.SPANS, 9, NOW);
    List<SpanState> unknown = sending.stream().map(SpanState::unknown).toList();
    store
        .outbox()
        .end(
            request,
            parcel.with(unknown).at(due),
            unknown,
            DestinationState.fresh(TO),
            "no answer",
            false,
            NOW);
    Span late = SampleTraces.tool(trace.id(), trace.root().id(), "toolu_late");
    store.sessions().harvest(harvest(session("s1"), late(trace, late)));
    assertThat(parcel(trace).nextAttempt()).isEqualTo(due);
    assertThat(parcel(trace).spans(SpanStatus.PENDING)).hasSize(1);
    assertThat(parcel(trace).spans(SpanStatus.UNKNOWN)).hasSize(3);
  }

  @Test
  void lateSpansOfATraceNeverStoredAreCounted() {
    Trace trace = SampleTraces.turn("p1", 1);
    store.sessions().harvest(harvest(session("s1"), late(trace, trace.spans().getLast())));
    assertThat(count(Counter.ORPHAN_SPAN)).isEqualTo(1);
    assertThat(store.outbox().destinations()).isEmpty();
  }

  @Test
  void oddThingsAddUpByVersion() {
    Map<String, Integer> counts = Map.of(Counter.UNKNOWN_RECORD + "tools-used", 2, "zero", 0);
    SessionState after = session("s1").change().read(Cursor.START, false, 0, "2.1.330").build();
    for (int i = 0; i < 2; i++) {
      store.sessions().harvest(new Harvest(after, List.of(), TO, true, "full", counts, true, NOW));
    }
    assertThat(store.views().counters())
        .containsExactly(new Counter(AgentId.CLAUDE, "2.1.330", "unknown_record/tools-used", 4));
  }

  @Test
  void aTurnThatNoHookToldOfIsMarked() {
    Trace trace = SampleTraces.turn("p1", 0);
    store
        .sessions()
        .harvest(
            new Harvest(
                session("s1"), List.of(closed(trace)), TO, true, "full", Map.of(), false, NOW));
    assertThat(count(Counter.UNANNOUNCED_TURN)).isEqualTo(1);
    assertThat(store.views().traces(new TraceQuery(null, null, 9)).getFirst().announced())
        .isFalse();
  }

  @Test
  void aRequestIsWrittenDownBeforeAndAfter() {
    Trace trace = SampleTraces.turn("p1", 1);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    Parcel parcel = parcel(trace);
    List<SpanState> two = parcel.spans().subList(0, 2).stream().map(s -> s.sending(NOW)).toList();
    Parcel sending = parcel.with(two);
    long request = store.outbox().begin(sending, two, What.SPANS, 1234, NOW);
    assertThat(parcel(trace)).isEqualTo(sending);
    assertThat(store.outbox().cutOff()).containsExactly(sending);
    Disclosure open = store.views().disclosures(trace.id()).getFirst();
    assertThat(open)
        .isEqualTo(
            new Disclosure(
                trace.id(),
                TO,
                What.SPANS,
                2,
                1234,
                "redacted",
                Map.of("aws", 1),
                NOW,
                null,
                null,
                null));

    List<SpanState> settled = two.stream().map(s -> s.settled(SpanStatus.DELIVERED)).toList();
    Instant end = NOW.plusMillis(80);
    DestinationState took = DestinationState.fresh(TO).took(end);
    store.outbox().end(request, sending.with(settled), settled, took, "taken", true, end);
    assertThat(store.outbox().cutOff()).isEmpty();
    assertThat(parcel(trace).spans(SpanStatus.DELIVERED)).hasSize(2);
    assertThat(parcel(trace).spans(SpanStatus.PENDING)).hasSize(1);
    assertThat(store.outbox().destination(TO)).isEqualTo(took);
    Disclosure closed = store.views().disclosures(trace.id()).getFirst();
    assertThat(closed.ended()).isEqualTo(end);
    assertThat(closed.acknowledged()).isEqualTo(end);
    assertThat(closed.outcome()).isEqualTo("taken");
  }

  @Test
  void anAnswerLaterAcknowledgesWhatWasInDoubt() {
    Trace trace = SampleTraces.turn("p1", 0);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    Parcel parcel = parcel(trace);
    List<SpanState> sending = parcel.spans().stream().map(s -> s.sending(NOW)).toList();
    long request = store.outbox().begin(parcel.with(sending), sending, What.SPANS, 1, NOW);
    List<SpanState> unknown = sending.stream().map(SpanState::unknown).toList();
    store
        .outbox()
        .end(request, parcel.with(unknown), unknown, DestinationState.fresh(TO), "cut", false, NOW);
    assertThat(store.views().deliveries().getFirst().inDoubt()).isEqualTo(1);
    Instant answer = NOW.plusSeconds(50);
    List<SpanState> there = unknown.stream().map(s -> s.settled(SpanStatus.DELIVERED)).toList();
    store.outbox().answered(parcel.with(there), there, answer);
    Disclosure known = store.views().disclosures(trace.id()).getFirst();
    assertThat(known.outcome()).isEqualTo("cut");
    assertThat(known.acknowledged()).isEqualTo(answer);
    assertThat(store.views().deliveries().getFirst().inDoubt()).isZero();
  }

  @Test
  void theOneWhoseTimeHasComeIsFirst() {
    Trace a = SampleTraces.turn("a", 0);
    Trace b = SampleTraces.turn("b", 0);
    store.sessions().harvest(harvest(session("s1"), closed(a), closed(b)));
    store.outbox().put(parcel(a).failed("later").at(NOW.plusSeconds(9)), List.of());
    assertThat(next(NOW.plusSeconds(5)).trace()).isEqualTo(b.id());
    store.outbox().put(parcel(b).at(NOW.plusSeconds(7)), List.of());
    assertThat(store.outbox().next(TO, NOW.plusSeconds(5))).isNull();
    assertThat(store.outbox().nextAttempt(TO)).isEqualTo(NOW.plusSeconds(7));
    assertThat(next(NOW.plusSeconds(10)).trace()).isEqualTo(b.id());
    deliver(b);
    assertThat(next(NOW.plusSeconds(10)).trace()).isEqualTo(a.id());
    assertThat(next(NOW.plusSeconds(10)).why()).isEqualTo("later");
  }

  @Test
  void figuresAddUp() {
    Trace a = SampleTraces.turn("a", 1);
    Trace b = SampleTraces.turn("b", 0);
    Trace c = SampleTraces.turn("c", 0);
    store.sessions().harvest(harvest(session("s1"), closed(a), closed(b), closed(c)));
    deliver(a);
    quarantine(b, "schema");
    store
        .outbox()
        .put(
            DestinationState.fresh(TO)
                .took(NOW)
                .blocked("sign in", NOW.plusSeconds(1), NOW.plusSeconds(61)));
    assertThat(store.views().deliveries())
        .containsExactly(
            new DeliveryFigures(
                TO,
                3,
                1,
                NOW,
                0,
                1,
                1,
                3,
                0,
                "sign in",
                "sign in",
                NOW.plusSeconds(1),
                NOW,
                NOW.plusSeconds(61)));
  }

  @Test
  void whatWasSentAgainBlindlyIsCounted() {
    Trace trace = SampleTraces.turn("a", 1);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    Parcel parcel = parcel(trace);
    List<SpanState> again = parcel.spans().stream().limit(2).map(SpanState::again).toList();
    store.outbox().put(parcel.with(again), again);
    assertThat(store.views().deliveries().getFirst().doublySent()).isEqualTo(2);
    deliver(trace);
    assertThat(store.views().deliveries().getFirst().doublySent()).isEqualTo(2);
  }

  @Test
  void aRefusedTraceCanBePutBackOnItsWay() {
    Trace trace = SampleTraces.turn("a", 1);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    quarantine(trace, "HTTP 400: no such column");
    assertThat(store.views().quarantined())
        .containsExactly(new Views.Quarantined(trace.id(), TO, 3, "HTTP 400: no such column", NOW));
    assertThat(store.outbox().next(TO, NOW.plusSeconds(99))).isNull();
    Instant later = NOW.plusSeconds(99);
    assertThat(store.outbox().replay(trace.id(), TO, later)).isTrue();
    Parcel back = next(later);
    assertThat(back.spans(SpanStatus.PENDING)).hasSize(3);
    assertThat(back.why()).isNull();
    assertThat(store.views().quarantined()).isEmpty();
    assertThat(store.outbox().replay(trace.id(), TO, later)).isFalse();
    assertThat(store.outbox().replay(SampleTraces.turn("x", 0).id(), TO, later)).isFalse();
  }

  @Test
  void contentThatIsNotKeptGoesOnceItIsDelivered() {
    Trace trace = SampleTraces.turn("a", 1);
    store
        .sessions()
        .harvest(
            new Harvest(
                session("s1"), List.of(closed(trace)), TO, false, "full", Map.of(), true, NOW));
    assertThat(store.views().trace(trace.id())).isEqualTo(trace);
    deliver(trace);
    assertThat(store.views().trace(trace.id())).isNull();
    assertThat(store.outbox().spans(trace.id(), ids(trace.spans()))).isEmpty();
    TraceLine line = store.views().traces(new TraceQuery(null, null, 9)).getFirst();
    assertThat(line.prompt()).isEmpty();
    assertThat(line.spans()).isEqualTo(3);
    assertThat(line.delivery()).isEqualTo(Parcel.State.DELIVERED);
    assertThat(store.known().contains(trace.id())).isTrue();
  }

  @Test
  void contentThatIsNeitherKeptNorSentIsNotStored() {
    Trace trace = SampleTraces.turn("a", 1);
    store
        .sessions()
        .harvest(
            new Harvest(
                session("s1"), List.of(closed(trace)), null, false, "full", Map.of(), true, NOW));
    assertThat(store.views().trace(trace.id())).isNull();
    assertThat(store.views().traces(new TraceQuery(null, null, 9)).getFirst().prompt()).isEmpty();
    assertThat(store.known().contains(trace.id())).isTrue();
  }

  @Test
  void listsAreNewestFirstAndPaged() {
    Trace old = at(SampleTraces.turn("a", 0), "s1", 0);
    Trace middle = at(SampleTraces.turn("b", 2), "s2", 60);
    Trace young = at(SampleTraces.turn("c", 0), "s1", 120);
    store
        .sessions()
        .harvest(
            harvest(
                session("s1").change().folder(Path.of("/w")).build(),
                closed(old),
                closed(middle),
                closed(young)));
    assertThat(lines(new TraceQuery(null, null, 2))).containsExactly(young.id(), middle.id());
    assertThat(lines(new TraceQuery(null, middle.start(), 2))).containsExactly(old.id());
    assertThat(lines(new TraceQuery(new SessionId("s1"), null, 9)))
        .containsExactly(young.id(), old.id());
    TraceLine line = store.views().traces(new TraceQuery(null, null, 9)).get(1);
    assertThat(line)
        .isEqualTo(
            new TraceLine(
                middle.id(),
                AgentId.CLAUDE,
                new SessionId("s2"),
                "claude_code_conversation",
                middle.start(),
                middle.end(),
                Trace.State.OK,
                "do it",
                4,
                new TokenUsage(TokenUsage.Quality.EXACT, 12, 34, 500, 60),
                true,
                TO,
                Parcel.State.WAITING));
    assertThat(store.views().sessions(9))
        .containsExactly(
            new SessionLine(
                AgentId.CLAUDE,
                new SessionId("s1"),
                Path.of("/w"),
                old.start(),
                young.end(),
                2,
                0,
                "do it",
                new TokenUsage(TokenUsage.Quality.EXACT, 24, 68, 1000, 120)),
            new SessionLine(
                AgentId.CLAUDE,
                new SessionId("s2"),
                null,
                middle.start(),
                middle.end(),
                1,
                0,
                "do it",
                new TokenUsage(TokenUsage.Quality.EXACT, 12, 34, 500, 60)));
    assertThat(store.views().idsStartingWith(old.id().hex().substring(0, 6), 9))
        .containsExactly(old.id());
    assertThat(store.views().idsStartingWith("", 2)).containsExactly(young.id(), middle.id());
  }

  private List<TraceId> lines(TraceQuery query) {
    return store.views().traces(query).stream().map(TraceLine::id).toList();
  }

  /** The same turn in another session and later. */
  protected static Trace at(Trace t, String session, int seconds) {
    return new Trace(
        t.id(),
        new SessionId(session),
        t.agent(),
        t.promptUuid(),
        t.start().plusSeconds(seconds),
        t.end().plusSeconds(seconds),
        t.state(),
        t.spans(),
        t.metadata(),
        t.tags());
  }

  protected static SessionState session(String id) {
    return SessionState.heardOf(AgentId.CLAUDE, new SessionId(id), TO, NOW);
  }

  protected static Harvest.Item closed(Trace trace) {
    return new Harvest.Item(new TraceUpdate.Closed(trace), Map.of("aws", 1));
  }

  private static Harvest.Item late(Trace trace, Span span) {
    return new Harvest.Item(
        new TraceUpdate.Late(trace.id(), trace.session(), trace.agent(), List.of(span), Map.of()),
        Map.of());
  }

  protected static Harvest harvest(SessionState after, Harvest.Item... items) {
    return new Harvest(after, List.of(items), TO, true, "redacted", Map.of(), true, NOW);
  }

  protected Parcel parcel(Trace trace) {
    return present(store.outbox().find(trace.id(), TO));
  }

  private Parcel next(Instant now) {
    return present(store.outbox().next(TO, now));
  }

  private static Parcel present(@Nullable Parcel parcel) {
    return parcel == null ? fail("no parcel") : parcel;
  }

  private void deliver(Trace trace) {
    settle(trace, SpanStatus.DELIVERED, Parcel.State.DELIVERED, null);
  }

  private void quarantine(Trace trace, String why) {
    settle(trace, SpanStatus.REJECTED, Parcel.State.QUARANTINED, why);
  }

  private void settle(Trace trace, SpanStatus as, Parcel.State state, @Nullable String why) {
    Parcel parcel = parcel(trace);
    List<SpanState> settled = parcel.spans().stream().map(s -> s.settled(as)).toList();
    Parcel after = parcel.with(settled).infoSent(true).state(state);
    store.outbox().put(why == null ? after : after.failed(why), settled);
  }

  private long count(String name) {
    return store.views().counters().stream()
        .filter(c -> c.name().equals(name))
        .mapToLong(Counter::count)
        .sum();
  }

  private static List<SpanId> ids(List<Span> spans) {
    return spans.stream().map(Span::id).toList();
  }
}
