package dev.ucode.store;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceJson;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The store's contract in memory. It refuses what a caller must never do. */
public final class MemoryStore implements Store {
  private record Key(String trace, String destination) {}

  private record Kept(Trace header, List<Span> late, Harvest harvest, Harvest.Item item) {
    List<Span> spans() {
      List<Span> all = new ArrayList<>(header.spans());
      all.addAll(late);
      return all;
    }
  }

  private final Map<String, SessionState> sessions = new LinkedHashMap<>();
  private final Map<String, Kept> traces = new LinkedHashMap<>();
  private final Map<Key, Parcel> parcels = new LinkedHashMap<>();
  private final Map<String, DestinationState> destinations = new HashMap<>();
  private final List<Disclosure> disclosures = new ArrayList<>();
  private final Map<String, Counter> counters = new TreeMap<>();
  private final Map<String, Boolean> forgotten = new HashMap<>();

  @Override
  public Sessions sessions() {
    return new MemorySessions();
  }

  @Override
  public Outbox outbox() {
    return new MemoryOutbox();
  }

  @Override
  public Views views() {
    return new MemoryViews();
  }

  @Override
  public Known known() {
    return trace -> traces.containsKey(trace.hex());
  }

  @Override
  public void close() {}

  private static String key(AgentId agent, SessionId session) {
    return agent + "/" + session;
  }

  private final class MemorySessions implements Sessions {
    @Override
    public @Nullable SessionState find(AgentId agent, SessionId session) {
      return sessions.get(key(agent, session));
    }

    @Override
    public List<SessionState> living() {
      return sessions.values().stream()
          .filter(state -> !state.over())
          .sorted(Comparator.comparing(SessionState::lastEvent).reversed())
          .toList();
    }

    @Override
    public void put(SessionState state) {
      sessions.put(key(state.agent(), state.session()), state);
    }

    @Override
    public Stored harvest(Harvest harvest) {
      put(harvest.after());
      Map<String, Integer> counts = new HashMap<>(harvest.counts());
      int newTraces = 0;
      int newSpans = 0;
      for (Harvest.Item item : harvest.items()) {
        String id = item.update().traceId().hex();
        Kept known = traces.get(id);
        switch (item.update()) {
          case TraceUpdate.Closed(Trace trace) when known == null -> {
            traces.put(id, new Kept(trace, new ArrayList<>(), harvest, item));
            newTraces++;
            newSpans += trace.spans().size();
            if (!harvest.announced()) {
              counts.merge(Counter.UNANNOUNCED_TURN, 1, Integer::sum);
            }
            String destination = harvest.destination();
            if (destination != null) {
              parcels.put(new Key(id, destination), parcel(trace, destination, harvest.at()));
            }
          }
          case TraceUpdate.Closed again -> counts.merge(Counter.REPEATED_TRACE, 1, Integer::sum);
          case TraceUpdate.Late late when known == null ->
              counts.merge(Counter.ORPHAN_SPAN, late.spans().size(), Integer::sum);
          case TraceUpdate.Late late ->
              newSpans += late(Objects.requireNonNull(known), late, harvest.at(), counts);
        }
      }
      SessionState after = harvest.after();
      counts.forEach((name, n) -> count(after.agent(), after.agentVersion(), name, n));
      return new Stored(newTraces, newSpans);
    }

    private Parcel parcel(Trace trace, String destination, Instant now) {
      return new Parcel(
          trace.id(),
          destination,
          now,
          Parcel.State.WAITING,
          trace.spans().stream().map(MemoryStore::pending).toList(),
          false,
          Map.of(),
          now,
          0,
          Parcel.ALL,
          0,
          null);
    }

    private int late(Kept known, TraceUpdate.Late late, Instant now, Map<String, Integer> counts) {
      List<Span> added = new ArrayList<>();
      for (Span span : late.spans()) {
        if (known.spans().stream().anyMatch(there -> there.id().equals(span.id()))) {
          counts.merge(Counter.REPEATED_SPAN, 1, Integer::sum);
        } else {
          added.add(span);
          known.late().add(span);
        }
      }
      Map<String, String> tags = new LinkedHashMap<>(known.header().tags());
      tags.putAll(late.tags());
      traces.put(
          late.traceId().hex(),
          new Kept(withTags(known.header(), tags), known.late(), known.harvest(), known.item()));
      String destination = known.harvest().destination();
      if (destination != null && (!added.isEmpty() || !late.tags().isEmpty())) {
        Key key = new Key(late.traceId().hex(), destination);
        Parcel parcel = Objects.requireNonNull(parcels.get(key));
        boolean waits = parcel.state() == Parcel.State.WAITING;
        Map<String, String> toSet = new LinkedHashMap<>(parcel.tags());
        toSet.putAll(late.tags());
        Parcel reopened =
            parcel
                .with(added.stream().map(MemoryStore::pending).toList())
                .tags(toSet)
                .state(Parcel.State.WAITING);
        parcels.put(key, waits ? reopened : accepted(reopened.at(now), now));
      }
      return added.size();
    }
  }

  private static Parcel accepted(Parcel p, Instant now) {
    return new Parcel(
        p.trace(),
        p.destination(),
        now,
        p.state(),
        p.spans(),
        p.infoSent(),
        p.tags(),
        p.nextAttempt(),
        p.attempts(),
        p.mostSpans(),
        p.rejections(),
        p.why());
  }

  private static Trace withTags(Trace t, Map<String, String> tags) {
    return new Trace(
        t.id(),
        t.session(),
        t.agent(),
        t.promptUuid(),
        t.start(),
        t.end(),
        t.state(),
        t.spans(),
        t.metadata(),
        tags);
  }

  private static SpanState pending(Span span) {
    return SpanState.pending(span.id(), TraceJson.write(span).write().length());
  }

  private void count(AgentId agent, String version, String name, int n) {
    if (n > 0) {
      String key = agent + "/" + version + "/" + name;
      Counter before = counters.get(key);
      counters.put(
          key, new Counter(agent, version, name, (before == null ? 0 : before.count()) + n));
    }
  }

  private final class MemoryOutbox implements Outbox {
    @Override
    public List<String> destinations() {
      return waiting().map(Parcel::destination).distinct().sorted().toList();
    }

    private java.util.stream.Stream<Parcel> waiting() {
      return parcels.values().stream().filter(p -> p.state() == Parcel.State.WAITING);
    }

    @Override
    public @Nullable Parcel next(String destination, Instant now) {
      return waiting()
          .filter(p -> p.destination().equals(destination) && !p.nextAttempt().isAfter(now))
          .min(
              Comparator.comparing(Parcel::nextAttempt)
                  .thenComparing(Parcel::accepted)
                  .thenComparing(p -> p.trace().hex()))
          .orElse(null);
    }

    @Override
    public @Nullable Instant nextAttempt(String destination) {
      return waiting()
          .filter(p -> p.destination().equals(destination))
          .map(Parcel::nextAttempt)
          .min(Comparator.naturalOrder())
          .orElse(null);
    }

    @Override
    public @Nullable Parcel find(TraceId trace, String destination) {
      return parcels.get(new Key(trace.hex(), destination));
    }

    @Override
    public List<Parcel> cutOff() {
      return parcels.values().stream().filter(p -> !p.spans(SpanStatus.SENDING).isEmpty()).toList();
    }

    @Override
    public List<Span> spans(TraceId trace, List<SpanId> ids) {
      if (forgotten.containsKey(trace.hex())) {
        return List.of();
      }
      return Objects.requireNonNull(traces.get(trace.hex())).spans().stream()
          .filter(span -> ids.contains(span.id()))
          .toList();
    }

    @Override
    public void put(Parcel parcel, List<SpanState> changed) {
      Key key = new Key(parcel.trace().hex(), parcel.destination());
      Parcel before = parcels.get(key);
      if (before == null) {
        throw new AssertionError("no parcel " + key);
      }
      parcels.put(key, rewrite(before, parcel, changed));
      Kept stored = Objects.requireNonNull(traces.get(parcel.trace().hex()));
      boolean all =
          parcels.values().stream()
              .filter(p -> p.trace().equals(parcel.trace()))
              .allMatch(p -> p.state() == Parcel.State.DELIVERED);
      if (all && !stored.harvest().keepContent()) {
        forgotten.put(parcel.trace().hex(), true);
      }
    }

    /** Takes the parcel's own fields, and of its spans only those said to have changed. */
    private Parcel rewrite(Parcel before, Parcel after, List<SpanState> changed) {
      Parcel merged = before.with(changed);
      return new Parcel(
          before.trace(),
          before.destination(),
          before.accepted(),
          after.state(),
          merged.spans(),
          after.infoSent(),
          after.tags(),
          after.nextAttempt(),
          after.attempts(),
          after.mostSpans(),
          after.rejections(),
          after.why());
    }

    @Override
    public long begin(
        Parcel parcel, List<SpanState> changed, Disclosure.What what, long bytes, Instant now) {
      Parcel before = Objects.requireNonNull(find(parcel.trace(), parcel.destination()));
      for (SpanState span : changed) {
        SpanState was =
            before.spans().stream().filter(s -> s.id().equals(span.id())).findFirst().orElseThrow();
        if (was.status() != SpanStatus.PENDING || span.status() != SpanStatus.SENDING) {
          throw new AssertionError("a span is sent that is " + was);
        }
      }
      put(parcel, changed);
      Kept stored = Objects.requireNonNull(traces.get(parcel.trace().hex()));
      disclosures.add(
          new Disclosure(
              parcel.trace(),
              parcel.destination(),
              what,
              changed.size(),
              bytes,
              stored.harvest().mode(),
              stored.item().masked(),
              now,
              null,
              null,
              null));
      return disclosures.size() - 1L;
    }

    @Override
    public void end(
        long request,
        Parcel parcel,
        List<SpanState> changed,
        DestinationState destination,
        String outcome,
        boolean acknowledged,
        Instant now) {
      Disclosure open = disclosures.get((int) request);
      if (open.ended() != null) {
        throw new AssertionError("ended twice: " + open);
      }
      put(parcel, changed);
      put(destination);
      disclosures.set((int) request, ended(open, now, outcome, acknowledged ? now : null));
    }

    private static Disclosure ended(
        Disclosure d, @Nullable Instant end, @Nullable String outcome, @Nullable Instant ack) {
      return new Disclosure(
          d.trace(),
          d.destination(),
          d.what(),
          d.spans(),
          d.bytes(),
          d.mode(),
          d.masked(),
          d.sent(),
          end,
          outcome,
          ack);
    }

    @Override
    public void answered(Parcel parcel, List<SpanState> changed, Instant now) {
      put(parcel, changed);
      boolean whole =
          Objects.requireNonNull(find(parcel.trace(), parcel.destination())).spans().stream()
              .allMatch(
                  s -> s.status() == SpanStatus.DELIVERED || s.status() == SpanStatus.REJECTED);
      if (whole) {
        disclosures.replaceAll(
            d ->
                d.trace().equals(parcel.trace())
                        && d.what() == Disclosure.What.SPANS
                        && d.acknowledged() == null
                    ? ended(d, d.ended(), d.outcome(), now)
                    : d);
      }
    }

    @Override
    public DestinationState destination(String id) {
      return destinations.getOrDefault(id, DestinationState.fresh(id));
    }

    @Override
    public void put(DestinationState destination) {
      destinations.put(destination.id(), destination);
    }

    @Override
    public boolean replay(TraceId trace, String destination, Instant now) {
      Key key = new Key(trace.hex(), destination);
      Parcel parcel = parcels.get(key);
      if (parcel == null || parcel.state() != Parcel.State.QUARANTINED) {
        return false;
      }
      List<SpanState> back =
          parcel.spans(SpanStatus.REJECTED).stream()
              .map(span -> span.settled(SpanStatus.PENDING))
              .toList();
      parcels.put(
          key,
          parcel
              .with(back)
              .wentWell()
              .at(now)
              .mostSpans(Parcel.ALL)
              .rejections(0)
              .state(Parcel.State.WAITING));
      return true;
    }
  }

  private final class MemoryViews implements Views {
    @Override
    public List<DeliveryFigures> deliveries() {
      return parcels.values().stream()
          .map(Parcel::destination)
          .distinct()
          .sorted()
          .map(this::figures)
          .toList();
    }

    private DeliveryFigures figures(String id) {
      List<Parcel> all = parcels.values().stream().filter(p -> p.destination().equals(id)).toList();
      List<Parcel> waiting = all.stream().filter(p -> p.state() == Parcel.State.WAITING).toList();
      DestinationState d = destinations.getOrDefault(id, DestinationState.fresh(id));
      Instant next =
          waiting.stream().map(Parcel::nextAttempt).min(Comparator.naturalOrder()).orElse(null);
      List<SpanState> spans = all.stream().flatMap(p -> p.spans().stream()).toList();
      return new DeliveryFigures(
          id,
          all.size(),
          waiting.size(),
          waiting.stream().map(Parcel::accepted).min(Comparator.naturalOrder()).orElse(null),
          all.stream().filter(MemoryViews::inDoubt).count(),
          all.stream().filter(p -> p.state() == Parcel.State.DELIVERED).count(),
          all.stream().filter(p -> p.state() == Parcel.State.QUARANTINED).count(),
          spans.stream().filter(s -> s.status() == SpanStatus.DELIVERED).count(),
          spans.stream().filter(SpanState::doubled).count(),
          d.blocked(),
          d.lastError(),
          d.lastErrorAt(),
          d.lastDelivery(),
          next != null && d.retryAt().isAfter(next) ? d.retryAt() : next);
    }

    private static boolean inDoubt(Parcel parcel) {
      return !parcel.spans(SpanStatus.SENDING).isEmpty()
          || !parcel.spans(SpanStatus.UNKNOWN).isEmpty();
    }

    @Override
    public List<TraceLine> traces(TraceQuery query) {
      Instant before = query.before();
      return traces.values().stream()
          .filter(s -> query.session() == null || s.header().session().equals(query.session()))
          .filter(s -> before == null || s.header().start().isBefore(before))
          .sorted(
              Comparator.comparing((Kept s) -> s.header().start())
                  .reversed()
                  .thenComparing(s -> s.header().id().hex()))
          .limit(query.most())
          .map(this::line)
          .toList();
    }

    private TraceLine line(Kept stored) {
      Trace t = stored.header();
      Parcel parcel =
          parcels.values().stream().filter(p -> p.trace().equals(t.id())).findFirst().orElse(null);
      return new TraceLine(
          t.id(),
          t.agent(),
          t.session(),
          t.root().name(),
          t.start(),
          t.end(),
          t.state(),
          prompt(stored),
          stored.spans().size(),
          usage(stored.spans()),
          stored.harvest().announced(),
          parcel == null ? null : parcel.destination(),
          parcel == null ? null : parcel.state());
    }

    private String prompt(Kept stored) {
      boolean never = !stored.harvest().keepContent() && stored.harvest().destination() == null;
      return never || forgotten.containsKey(stored.header().id().hex())
          ? ""
          : ((Detail.Turn) stored.header().root().detail()).prompt().replaceAll("\\s+", " ");
    }

    private static TokenUsage usage(List<Span> spans) {
      TokenUsage sum = TokenUsage.UNKNOWN;
      for (Span span : spans) {
        if (span.detail() instanceof Detail.ModelCall call) {
          sum = sum.plus(call.usage());
        }
      }
      return sum;
    }

    @Override
    public List<SessionLine> sessions(int most) {
      Map<String, List<Kept>> bySession = new LinkedHashMap<>();
      for (Kept stored : traces.values()) {
        bySession
            .computeIfAbsent(
                key(stored.header().agent(), stored.header().session()), k -> new ArrayList<>())
            .add(stored);
      }
      return bySession.entrySet().stream()
          .sorted(
              Comparator.comparing(
                      (Map.Entry<String, List<Kept>> e) ->
                          e.getValue().stream()
                              .map(s -> s.header().start())
                              .max(Comparator.naturalOrder())
                              .orElseThrow())
                  .reversed())
          .limit(most)
          .map(e -> line(e.getKey(), e.getValue()))
          .toList();
    }

    private SessionLine line(String key, List<Kept> stored) {
      Kept first = stored.stream().min(Comparator.comparing(s -> s.header().start())).orElseThrow();
      SessionState state = sessions.get(key);
      return new SessionLine(
          first.header().agent(),
          first.header().session(),
          state == null ? null : state.folder(),
          first.header().start(),
          stored.stream().map(s -> s.header().end()).max(Comparator.naturalOrder()).orElseThrow(),
          stored.size(),
          (int) stored.stream().filter(s -> s.header().state() == Trace.State.ERROR).count(),
          prompt(first),
          usage(stored.stream().flatMap(s -> s.spans().stream()).toList()));
    }

    @Override
    public @Nullable Trace trace(TraceId id) {
      Kept stored = traces.get(id.hex());
      if (stored == null || forgotten.containsKey(id.hex())) {
        return null;
      }
      if (!stored.harvest().keepContent() && stored.harvest().destination() == null) {
        return null;
      }
      Trace t = stored.header();
      return new Trace(
          t.id(),
          t.session(),
          t.agent(),
          t.promptUuid(),
          t.start(),
          t.end(),
          t.state(),
          stored.spans(),
          t.metadata(),
          t.tags());
    }

    @Override
    public List<TraceId> idsStartingWith(String hex, int most) {
      return traces(new TraceQuery(null, null, Integer.MAX_VALUE)).stream()
          .map(TraceLine::id)
          .filter(id -> id.hex().startsWith(hex))
          .limit(most)
          .toList();
    }

    @Override
    public List<Disclosure> disclosures(TraceId id) {
      return disclosures.stream().filter(d -> d.trace().equals(id)).toList();
    }

    @Override
    public List<Counter> counters() {
      return List.copyOf(counters.values());
    }

    @Override
    public List<Quarantined> quarantined() {
      return parcels.values().stream()
          .filter(p -> p.state() == Parcel.State.QUARANTINED)
          .sorted(
              Comparator.comparing(Parcel::accepted).reversed().thenComparing(p -> p.trace().hex()))
          .map(
              p ->
                  new Quarantined(
                      p.trace(),
                      p.destination(),
                      p.spans(SpanStatus.REJECTED).size(),
                      p.why() == null ? "" : p.why(),
                      p.nextAttempt()))
          .toList();
    }

    @Override
    public List<SessionState> troubled() {
      return sessions.values().stream()
          .filter(s -> s.trouble() != null)
          .sorted(Comparator.comparing(SessionState::lastEvent).reversed())
          .toList();
    }
  }
}
