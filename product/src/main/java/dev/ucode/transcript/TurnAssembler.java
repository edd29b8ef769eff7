package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.trace.Event;
import dev.ucode.trace.Ids;
import dev.ucode.trace.Span;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceUpdate;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes turns of entries, in file order. It decides where a turn begins and ends and what is
 * skipped; {@code docs/tracing.md} has the rules. It holds one turn at a time.
 */
public final class TurnAssembler {
  /** The memory of a session whose beginning is not going to be read. */
  public static final Json.Obj LATER = Json.object().put("era", "").build();

  private final Style style;
  private final SessionFile session;
  private final Known known;
  private final AssemblyState state;
  private final TraceBuilder builder;
  private final Subagents subagents;
  private final List<TraceUpdate> updates = new ArrayList<>();
  private final Set<TraceId> met = new HashSet<>();

  private @Nullable OpenTurn open;
  private @Nullable Command command;
  private OpenTurn.@Nullable Between between;
  private long consumed;
  private int lateRecords;
  private int skippedTurns;

  /** A command that is a turn if the model answers it, and what came after it. */
  private record Command(Entry.Prompt prompt, long offset, List<Later> more) {}

  private record Later(Entry entry, long offset) {}

  /**
   * Goes on with a session where the last reading left it.
   *
   * @param memory what {@link #memory} gave at the end of the last reading; an empty object at
   *     first
   * @param from the offset where this reading begins
   */
  public TurnAssembler(
      Style style,
      SessionFile session,
      Known known,
      Subagents subagents,
      GitFacts git,
      Json memory,
      long from) {
    this.style = style;
    this.session = session;
    this.known = known;
    this.subagents = subagents;
    this.state = AssemblyState.read(memory);
    this.builder = new TraceBuilder(style, session.session(), subagents, git, state);
    this.consumed = from;
  }

  /**
   * Takes one entry.
   *
   * @param chain the id of the subagent whose record it is, where those lie in the session's own
   *     file; null for the session's
   * @param offset of its line
   */
  public void accept(Entry entry, @Nullable String chain, long offset) throws IOException {
    if (chain != null) {
      sidechain(entry, chain, offset);
      return;
    }
    switch (entry) {
      case Entry.Prompt prompt -> prompt(prompt, offset);
      case Entry.Input input -> input(input, offset);
      case Entry.Output output -> output(output, offset);
      case Entry.ToolResult result -> toolResult(result, offset);
      case Entry.ApiError error -> {
        Steps steps = answering(error.id(), error.id(), error.time(), offset);
        if (steps != null) {
          steps.apiError(error);
        }
      }
      case Entry.ToolUse use -> {
        if (open != null) {
          open.steps.toolUse(use);
        }
      }
      case Entry.Request request -> {
        if (command != null) {
          command.more().add(new Later(request, offset));
        } else if (open != null) {
          open.steps.request(request);
        }
      }
      case Entry.Retry retry -> {
        if (command != null) {
          command.more().add(new Later(retry, offset));
        } else if (open != null) {
          open.steps.retry(retry);
        }
      }
      case Entry.Interrupt interrupt -> {
        if (open != null) {
          open.steps.interrupt(interrupt);
        }
      }
      case Entry.Context(String kind) -> {
        if (command != null) {
          command.more().add(new Later(entry, offset));
        } else if (open != null) {
          open.steps.context(kind);
        } else {
          between(offset).contexts.add(kind);
        }
      }
      case Entry.Compaction compaction -> compaction(compaction, offset);
      case Entry.CommandDone done -> dropCommand();
      case Entry.TurnEnd end -> {
        state.turnEndsRecorded = true;
        // One that comes before the first step is the turn before's, written late.
        if (open != null && !open.steps.isEmpty() && !open.steps.sentOn()) {
          close(false);
        }
      }
      case Entry.TaskDone(Entry.Task task) -> done(task);
      case Entry.Totals totals -> totals(totals);
    }
  }

  /** All entries of the line before this offset have been taken. */
  public void lineDone(long nextLine) {
    consumed = nextLine;
  }

  /**
   * Nothing more is to be read now.
   *
   * @param endsRecorded whether this version of the agent writes down the end of a turn
   */
  public void endOfFile(Closing closing, boolean endsRecorded) throws IOException {
    boolean ended = closing == Closing.ENDED;
    if (ended) {
      dropCommand();
    }
    if (open != null
        && (ended || (closing == Closing.STOPPED && open.steps.answered() && !endsRecorded))) {
      close(ended);
    }
    if (ended && between != null && (between.totals != null || !between.events.isEmpty())) {
      tellTheLastTurn(between);
      between = null;
    }
    lateAgents(ended);
  }

  /** What became whole, in the order it did. */
  public List<TraceUpdate> updates() {
    return updates;
  }

  /** Where reading has to go on so that nothing is missed that is not in {@link #updates}. */
  public long rest() {
    long rest = consumed;
    if (open != null) {
      rest = Math.min(rest, open.offset);
    }
    if (between != null) {
      rest = Math.min(rest, between.offset);
    }
    if (command != null) {
      rest = Math.min(rest, command.offset());
    }
    return rest;
  }

  public boolean turnOpen() {
    return open != null;
  }

  public int agentsRunning() {
    return state.running.size();
  }

  public int lateRecords() {
    return lateRecords;
  }

  public int skippedTurns() {
    return skippedTurns;
  }

  /** Whether the session's records say themselves when a turn is over. */
  public boolean turnEndsRecorded() {
    return state.turnEndsRecorded;
  }

  /** What has to be known when reading on from {@link #rest}. */
  public Json.Obj memory() {
    return state.write();
  }

  private void prompt(Entry.Prompt prompt, long offset) throws IOException {
    dropCommand();
    prompt.tasks().forEach(this::done);
    if (prompt.cause() == Entry.Cause.COMMAND) {
      command = new Command(prompt, offset, new ArrayList<>());
      return;
    }
    OpenTurn turn = open;
    boolean notification = prompt.cause() == Entry.Cause.NOTIFICATION;
    if (turn != null
        && turn.fate != OpenTurn.Fate.LATE
        && turn.steps.isEmpty()
        && !turn.steps.interrupted()
        && (notification || turn.cause == Entry.Cause.NOTIFICATION)) {
      add(prompt, turn, offset); // the model hears both at once
      return;
    }
    if (turn != null) {
      close(false);
    }
    begin(prompt, offset);
  }

  private void begin(Entry.Prompt prompt, long offset) {
    TraceId trace = Ids.trace(style.agent(), prompt.id());
    boolean ours =
        !prompt.copied()
            && session.watched(prompt.time())
            && !known.contains(trace)
            && met.add(trace);
    OpenTurn turn =
        new OpenTurn(
            trace,
            prompt.id(),
            prompt.cause(),
            prompt.facts(),
            prompt.time(),
            between == null ? offset : Math.min(between.offset, offset),
            ours ? OpenTurn.Fate.TRACE : OpenTurn.Fate.SKIP,
            style);
    enter(turn);
    add(prompt, turn, offset);
  }

  private void enter(OpenTurn turn) {
    if (between != null) {
      between.moveTo(turn);
      between = null;
    }
    if (turn.fate == OpenTurn.Fate.SKIP) {
      turn.steps.forget();
    }
    open = turn;
  }

  private static void add(Entry.Prompt prompt, OpenTurn turn, long offset) {
    turn.prompts.add(prompt.text());
    turn.tasks.addAll(prompt.tasks());
    turn.steps.prompt(prompt.time(), prompt.message(), offset);
  }

  private void input(Entry.Input input, long offset) {
    if (command != null) {
      command.more().add(new Later(input, offset));
    } else if (open != null) {
      open.steps.input(input.time(), input.message(), input.sendsOn(), offset);
    } else {
      between(offset).messages.add(new OpenTurn.Message(input.time(), input.message(), offset));
    }
  }

  /**
   * A command that the model never heard of as such; its text is still context for the next call.
   */
  private void dropCommand() throws IOException {
    Command dropped = command;
    if (dropped == null) {
      return;
    }
    command = null;
    Entry.Prompt prompt = dropped.prompt();
    input(new Entry.Input(prompt.time(), prompt.message(), false), dropped.offset());
    for (Later later : dropped.more()) {
      accept(later.entry(), null, later.offset());
    }
  }

  private void output(Entry.Output output, long offset) throws IOException {
    Steps steps = answering(output.callId(), output.recordId(), output.time(), offset);
    if (steps == null) {
      return;
    }
    if (output.copied() && open != null && open.fate != OpenTurn.Fate.SKIP) {
      open.fate = OpenTurn.Fate.SKIP;
      steps.forget();
    }
    steps.output(output);
  }

  /** The steps that an answer of the model belongs to; null where nothing is to be made of it. */
  private @Nullable Steps answering(String callId, String recordId, Instant time, long offset)
      throws IOException {
    if (command != null && !(open != null && open.steps.callIds().contains(callId))) {
      Command answered = command;
      command = null;
      if (open != null) {
        close(false);
      }
      begin(answered.prompt(), answered.offset());
      for (Later later : answered.more()) {
        accept(later.entry(), null, later.offset());
      }
    }
    if (open != null) {
      return open.steps;
    }
    AssemblyState.Last last = state.last;
    if (last == null) {
      // A model call that no record explains is still a model call.
      Entry.Prompt prompt =
          new Entry.Prompt(
              recordId,
              time,
              Entry.Cause.PERSON,
              "",
              Json.object().put("role", "user").put("content", "").build(),
              List.of(),
              Entry.Facts.NONE,
              false);
      begin(prompt, offset);
    } else if (last.calls().contains(callId)) {
      lateRecords++;
      return null;
    } else {
      enter(
          new OpenTurn(
              last.trace(),
              "",
              Entry.Cause.PERSON,
              Entry.Facts.NONE,
              last.end(),
              between == null ? offset : between.offset,
              last.sent() ? OpenTurn.Fate.LATE : OpenTurn.Fate.SKIP,
              style));
    }
    return open == null ? null : open.steps;
  }

  private void toolResult(Entry.ToolResult result, long offset) {
    if (open != null) {
      if (!open.steps.toolResult(result, offset) && open.fate == OpenTurn.Fate.TRACE) {
        lateRecords++;
      }
    } else if (state.last != null && state.last.sent()) {
      lateRecords++;
    }
  }

  private void compaction(Entry.Compaction compaction, long offset) throws IOException {
    Event event = new Event("compaction", compaction.time(), compaction.attributes());
    if (open != null && open.steps.answered()) {
      close(false); // nothing within a turn is summarised after its answer
    }
    if (open != null) {
      open.steps.event(event);
    } else {
      between(offset).events.add(event);
    }
  }

  private void sidechain(Entry entry, String id, long offset) {
    if (open == null || open.fate == OpenTurn.Fate.SKIP) {
      return;
    }
    OpenTurn.Chain chain = open.chains.get(id);
    if (chain == null) {
      if (!(entry instanceof Entry.Prompt prompt)) {
        return;
      }
      chain = new OpenTurn.Chain(style, prompt.time(), prompt.text());
      open.chains.put(id, chain);
    }
    TraceBuilder.feed(chain.steps, entry, offset);
  }

  private void done(Entry.Task task) {
    state.done(task.id());
    String call = task.toolCall();
    if (call != null) {
      state.done(call);
    }
  }

  private OpenTurn.Between between(long offset) {
    if (between == null) {
      between = new OpenTurn.Between(offset);
    }
    return between;
  }

  private void close(boolean ended) throws IOException {
    OpenTurn turn = open;
    if (turn == null) {
      return;
    }
    open = null;
    carry(turn.steps.unheard());
    List<String> ids = new ArrayList<>(turn.steps.callIds());
    turn.steps.tools().forEach(tool -> ids.add(tool.use.callId()));
    AssemblyState.Last before = state.last;
    if (turn.fate == OpenTurn.Fate.LATE && before != null) {
      ids.addAll(before.calls());
    }
    state.last =
        new AssemblyState.Last(
            turn.trace,
            turn.steps.last(),
            turn.fate != OpenTurn.Fate.SKIP,
            ids.subList(Math.max(0, ids.size() - 50), ids.size()));
    switch (turn.fate) {
      case SKIP -> {
        skippedTurns++;
        state.totals = null; // what it used is not counted, so the next totals are a new beginning
      }
      case TRACE -> {
        Unrecorded unrecorded = settle(turn.totalsBefore, null);
        state.turnsSince++;
        Trace trace = builder.trace(turn, ended);
        state.since = state.since.plus(trace.usage());
        unrecorded = settle(turn.totals, unrecorded);
        updates.add(new TraceUpdate.Closed(tagged(trace, unrecorded)));
        state.running.addAll(builder.takeStarted());
      }
      case LATE -> {
        List<Span> spans = builder.late(turn, ended);
        late(turn.trace, spans);
        state.running.addAll(builder.takeStarted());
        settle(turn.totals, null);
      }
    }
  }

  /** What was said after the turn's last step is for the next turn's first call. */
  private void carry(List<OpenTurn.Message> messages) {
    for (OpenTurn.Message message : messages) {
      between(message.offset()).messages.add(message);
    }
  }

  private void late(TraceId trace, List<Span> spans) {
    if (spans.isEmpty()) {
      return;
    }
    state.since = state.since.plus(TraceBuilder.usage(spans));
    Map<String, String> tags =
        Map.of("ucode.late_spans", Integer.toString(state.late(trace, spans.size())));
    updates.add(new TraceUpdate.Late(trace, session.session(), style.agent(), spans, tags));
  }

  private void lateAgents(boolean ended) throws IOException {
    for (Iterator<AssemblyState.Running> it = state.running.iterator(); it.hasNext(); ) {
      AssemblyState.Running agent = it.next();
      boolean over =
          state.done.containsKey(agent.toolCall()) || subagents.finished(agent.agentId());
      if (!over && !ended) {
        continue;
      }
      List<Span> spans = builder.late(agent, ended);
      if (spans != null) {
        it.remove();
        late(agent.trace(), spans);
      }
    }
    // An agent that was read may have left agents of its own running.
    state.running.addAll(builder.takeStarted());
  }

  private void totals(Entry.Totals totals) {
    if (open != null) {
      open.totals = totals;
    } else if (between != null) {
      between.totals = totals;
    } else {
      Unrecorded unrecorded = settle(totals, null);
      if (unrecorded != null && state.last != null && state.last.sent()) {
        tell(state.last.trace(), Map.of(UNRECORDED, unrecorded.json()));
      }
    }
  }

  private static final String UNRECORDED = "ucode.unrecorded_usage";

  /** What the agent counted beyond what it recorded, since it counted last. */
  private @Nullable Unrecorded settle(
      Entry.@Nullable Totals totals, @Nullable Unrecorded alreadyFound) {
    if (totals == null) {
      return alreadyFound;
    }
    boolean sameCount = state.era.isEmpty() || state.era.equals(totals.era());
    TokenUsage base =
        sameCount ? state.totals : new TokenUsage(TokenUsage.Quality.EXACT, 0, 0, 0, 0);
    TokenUsage since = state.since;
    int turns = state.turnsSince;
    state.turnsSince = 0;
    state.totals = state.running.isEmpty() ? totals.usage() : null; // what runs is half counted
    state.era = totals.era();
    state.since = TokenUsage.UNKNOWN;
    if (base == null || !state.running.isEmpty()) {
      return alreadyFound;
    }
    TokenUsage now = totals.usage();
    TokenUsage unrecorded =
        new TokenUsage(
            TokenUsage.Quality.EXACT,
            Math.max(0, now.input() - base.input() - since.input()),
            Math.max(0, now.output() - base.output() - since.output()),
            Math.max(0, now.cacheRead() - base.cacheRead() - since.cacheRead()),
            Math.max(0, now.cacheCreation() - base.cacheCreation() - since.cacheCreation()));
    if (unrecorded.all() == 0) {
      return alreadyFound;
    }
    return alreadyFound == null
        ? new Unrecorded(unrecorded, turns)
        : new Unrecorded(alreadyFound.usage().plus(unrecorded), alreadyFound.turns() + turns);
  }

  /**
   * Usage that no record explains.
   *
   * @param turns how many turns it may have come from
   */
  private record Unrecorded(TokenUsage usage, int turns) {
    String json() {
      Map<String, Json> members = new LinkedHashMap<>(TraceBuilder.json(usage).members());
      if (turns > 1) {
        members.put("turns", Json.of(turns));
      }
      return new Json.Obj(members).write();
    }
  }

  private static Trace tagged(Trace trace, @Nullable Unrecorded unrecorded) {
    if (unrecorded == null) {
      return trace;
    }
    Map<String, String> tags = new LinkedHashMap<>(trace.tags());
    tags.put(UNRECORDED, unrecorded.json());
    return new Trace(
        trace.id(),
        trace.session(),
        trace.agent(),
        trace.promptUuid(),
        trace.start(),
        trace.end(),
        trace.state(),
        trace.spans(),
        trace.metadata(),
        tags);
  }

  /** No turn follows that could carry it: the last one's tags do. */
  private void tellTheLastTurn(OpenTurn.Between after) {
    Map<String, String> tags = new LinkedHashMap<>();
    Unrecorded unrecorded = settle(after.totals, null);
    if (unrecorded != null) {
      tags.put(UNRECORDED, unrecorded.json());
    }
    for (Event event : after.events) {
      tags.put("ucode." + event.name(), event.attributes().write());
    }
    if (state.last != null && state.last.sent()) {
      tell(state.last.trace(), tags);
    }
  }

  private void tell(TraceId trace, Map<String, String> tags) {
    updates.add(new TraceUpdate.Late(trace, session.session(), style.agent(), List.of(), tags));
  }
}
