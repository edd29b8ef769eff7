package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Ids;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The work of one agent within one turn: its model calls, its tool calls, and what happened in
 * between. Entries come in file order; spans are made when nothing more can come.
 */
final class Steps {
  /** A failed tool's message, in characters; the whole of it is the call's result. */
  private static final int LONGEST_MESSAGE = 4096;

  private final Style style;
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final Map<String, Entry.Request> requests = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Fresh> fresh = new ArrayList<>();
  private final Set<String> contexts = new LinkedHashSet<>();
  private Instant boundary;
  private Instant last;
  private int asked; // requests since the last answer began
  private @Nullable Call lastCall;
  private Outcome.@Nullable Failed failure; // the last thing that came of asking the model
  private final Set<String> waitingFor = new HashSet<>(); // tools of the latest answer
  private boolean answerIsLast;
  private boolean interrupted;
  private boolean sentOn;
  private boolean keptInMind = true; // false where nothing will come of it

  /** A message that no model call has taken yet. */
  private record Fresh(Instant time, long offset, Json.Obj message, boolean input) {}

  private static final class Call {
    final String id;
    final Instant start;
    Instant end;
    Timing timing;
    final List<Json> input = new ArrayList<>();
    final List<Json> output = new ArrayList<>();
    final Map<String, Json> extra = new LinkedHashMap<>();
    @Nullable String model;
    @Nullable String requestId;
    @Nullable String stopReason;
    @Nullable TokenUsage usage;
    Outcome outcome = Outcome.OK;
    boolean aborted;

    Call(String id, Instant start, Instant end, Timing timing) {
      this.id = id;
      this.start = start;
      this.end = end;
      this.timing = timing;
    }
  }

  /** A tool call, with its result once there is one. */
  static final class Tool {
    final Entry.ToolUse use;
    Entry.@Nullable ToolResult result;
    @Nullable Instant stopped; // by the user

    Tool(Entry.ToolUse use) {
      this.use = use;
    }
  }

  /**
   * An agent that has done nothing yet.
   *
   * @param start when the agent was given its work
   */
  Steps(Style style, Instant start) {
    this.style = style;
    this.boundary = start;
    this.last = start;
  }

  /** Takes what the agent is to do. */
  void prompt(Instant time, Json.Obj message, long offset) {
    fresh.add(new Fresh(time, offset, message, false));
    boundary = later(boundary, time);
  }

  /**
   * Takes what else is new for the next model call.
   *
   * @param offset of its line, for {@link #unheard}
   */
  void input(Instant time, Json.Obj message, boolean sendsOn, long offset) {
    fresh.add(new Fresh(time, offset, message, true));
    boundary = later(boundary, time);
    sentOn |= sendsOn;
  }

  /** No spans will be asked for: content need not be held. */
  void forget() {
    keptInMind = false;
    tools.clear();
    waitingFor.clear();
    for (Call call : calls.values()) {
      call.input.clear();
      call.output.clear();
    }
  }

  void context(String kind) {
    contexts.add(kind);
  }

  void request(Entry.Request request) {
    requests.put(request.id(), request);
    asked++;
  }

  void output(Entry.Output part) {
    if (!seen.add(part.recordId())) {
      return;
    }
    Call call = calls.get(part.callId());
    if (call == null) {
      call = begin(part.callId(), part.request(), part.time());
      calls.put(part.callId(), call);
    }
    if (part.time().isAfter(call.end)) {
      call.end = part.time();
      if (call.timing == Timing.UNKNOWN) {
        call.timing = Timing.DERIVED;
      }
    }
    if (keptInMind) {
      call.output.addAll(part.content());
    }
    call.extra.putAll(part.extra().members());
    call.model = part.model() == null ? call.model : part.model();
    call.requestId = part.requestId() == null ? call.requestId : part.requestId();
    call.stopReason = part.stopReason() == null ? call.stopReason : part.stopReason();
    call.usage = part.usage() == null ? call.usage : part.usage();
    call.aborted |= part.aborted();
    boundary = later(boundary, part.time());
    last = later(last, part.time());
    lastCall = call;
    answerIsLast = true;
    interrupted = false;
    failure = null;
    sentOn = false;
  }

  private Call begin(String id, @Nullable String request, Instant time) {
    Entry.Request asking = request == null ? null : requests.get(request);
    Instant start = asking == null ? boundary : asking.time();
    Timing timing = asking == null ? Timing.DERIVED : Timing.MEASURED;
    if (start.isAfter(time)) { // clocks go back: only the record's own time is sure
      start = time;
      timing = Timing.UNKNOWN;
    } else if (asking == null && start.equals(time)) {
      timing = Timing.UNKNOWN;
    }
    Call call = new Call(id, start, time, timing);
    for (Fresh message : fresh) {
      if (keptInMind) {
        call.input.add(message.message());
      }
    }
    fresh.clear();
    if (!contexts.isEmpty()) {
      call.extra.put("ucode.context_added", Json.of(String.join(",", contexts)));
      contexts.clear();
    }
    if (asked > 1) {
      call.extra.put("ucode.requests", Json.of(asked));
    }
    if (asking != null) {
      call.model = asking.model();
    }
    asked = 0;
    requests.clear();
    waitingFor.clear();
    return call;
  }

  void toolUse(Entry.ToolUse use) {
    if (keptInMind && tools.putIfAbsent(use.callId(), new Tool(use)) == null) {
      waitingFor.add(use.callId());
      last = later(last, use.time());
    }
  }

  /**
   * Takes what a tool gave.
   *
   * @return false where no tool of these steps waits for it
   */
  boolean toolResult(Entry.ToolResult result, long offset) {
    if (!keptInMind) {
      fresh.clear();
      answerIsLast = false;
      return true;
    }
    Tool tool = tools.get(result.callId());
    if (tool == null || tool.result != null) {
      return false;
    }
    tool.result = result;
    waitingFor.remove(result.callId());
    fresh.add(new Fresh(result.time(), offset, result.message(), false));
    boundary = later(boundary, result.time());
    last = later(last, result.time());
    answerIsLast = false;
    return true;
  }

  void retry(Entry.Retry retry) {
    events.add(new Event("api_retry", retry.time(), retry.attributes()));
    last = later(last, retry.time());
  }

  void apiError(Entry.ApiError error) {
    Outcome.Failed failed = new Outcome.Failed(error.type(), error.message());
    failure = failed;
    if (lastCall != null && fresh.isEmpty() && requests.isEmpty()) {
      // There was nothing to ask the model: the agent itself gave up, as on the output limit.
      Json.Obj attributes =
          Json.object().put("type", error.type()).put("message", error.message()).build();
      event(new Event("api_error", error.time(), attributes));
      return;
    }
    Entry.Request asking = null;
    for (Entry.Request request : requests.values()) {
      asking = request;
    }
    Call call = begin(error.id(), asking == null ? null : asking.id(), error.time());
    if (call.timing == Timing.MEASURED) {
      call.timing = Timing.DERIVED; // that this request failed is our conclusion
    }
    call.requestId = error.requestId();
    call.outcome = failed;
    call.extra.putAll(error.extra().members());
    calls.put(error.id(), call);
    boundary = later(boundary, error.time());
    last = later(last, error.time());
    lastCall = call;
    answerIsLast = true;
  }

  void interrupt(Entry.Interrupt interrupt) {
    Json.Obj attributes = Json.object().put("in_tool", interrupt.inTool()).build();
    events.add(new Event("interrupt", interrupt.time(), attributes));
    interrupted = true;
    last = later(last, interrupt.time());
    if (!interrupt.inTool() && answerIsLast && lastCall != null && lastCall.stopReason == null) {
      lastCall.aborted = true; // a call that was whole has its reason, or a tool's result after it
    }
    for (Tool tool : tools.values()) {
      Entry.ToolResult result = tool.result;
      if (result == null) {
        tool.stopped = interrupt.time();
      } else if (interrupt.inTool()
          && result.outcome() instanceof Outcome.Failed(String type, String message)
          && type.equals(REJECTED)) {
        tool.stopped = result.time();
      }
    }
  }

  /** The outcome type of a tool call that the user did not allow, or stopped. */
  static final String REJECTED = "rejected";

  void event(Event event) {
    events.add(event);
    last = later(last, event.time());
  }

  /** An event from before the work began, which it still explains. */
  void before(Event event) {
    events.add(event);
  }

  /** What happened on the way, in the order it was recorded. */
  List<Event> events() {
    return events;
  }

  /** When the last thing of these steps happened. */
  Instant last() {
    return last;
  }

  boolean isEmpty() {
    return calls.isEmpty() && tools.isEmpty();
  }

  /** Whether the model answered and waits for nothing. */
  boolean answered() {
    return answerIsLast && !sentOn && waitingFor.isEmpty();
  }

  /** Whether something sends the model on after its answer. */
  boolean sentOn() {
    return sentOn;
  }

  boolean interrupted() {
    return interrupted;
  }

  /** How the work as a whole ended, if nothing more comes. */
  Outcome outcome() {
    if (interrupted) {
      return new Outcome.Interrupted();
    }
    if (failure != null) {
      return failure;
    }
    return answered() ? Outcome.OK : new Outcome.Unfinished();
  }

  /** The messages that came after the last step and were heard by no model call. */
  List<OpenTurn.Message> unheard() {
    int first = fresh.size();
    if (isEmpty()) {
      return List.of(); // all of it was meant for the call that never came
    }
    while (first > 0 && fresh.get(first - 1).input()) {
      first--;
    }
    List<OpenTurn.Message> messages = new ArrayList<>();
    for (Fresh message : fresh.subList(first, fresh.size())) {
      messages.add(new OpenTurn.Message(message.time(), message.message(), message.offset()));
    }
    return messages;
  }

  Collection<Tool> tools() {
    return tools.values();
  }

  /** Ids of the model calls, the latest last. */
  List<String> callIds() {
    return List.copyOf(calls.keySet());
  }

  /** What the model said last, as text. */
  String response() {
    String text = "";
    for (Call call : calls.values()) {
      if (call.outcome instanceof Outcome.Failed) {
        continue;
      }
      String said = style.text(call.output);
      text = said.isBlank() ? text : said;
    }
    return text;
  }

  TokenUsage usage() {
    TokenUsage sum = TokenUsage.UNKNOWN;
    for (Call call : calls.values()) {
      sum = call.usage == null ? sum : sum.plus(call.usage);
    }
    return sum;
  }

  /** The spans of the model calls and of the tools, children of the given one. */
  List<Span> spans(TraceId trace, SpanId parent) {
    List<Span> spans = new ArrayList<>(calls.size() + tools.size());
    for (Call call : calls.values()) {
      spans.add(span(call, trace, parent));
    }
    for (Tool tool : tools.values()) {
      spans.add(span(tool, trace, parent));
    }
    return spans;
  }

  static SpanId id(TraceId trace, Tool tool) {
    return Ids.span(trace, Ids.Kind.TOOL_CALL, tool.use.callId());
  }

  private Span span(Call call, TraceId trace, SpanId parent) {
    Outcome outcome = call.outcome;
    if (outcome instanceof Outcome.Ok && call.aborted) {
      outcome = new Outcome.Interrupted();
    }
    return new Span(
        Ids.span(trace, Ids.Kind.MODEL_CALL, call.id),
        parent,
        "llm",
        call.start,
        call.end,
        call.timing,
        outcome,
        new Detail.ModelCall(
            call.model,
            style.provider(),
            call.id,
            call.requestId,
            new Json.Arr(call.input),
            new Json.Arr(call.output),
            style.messageFormat(),
            call.stopReason,
            call.usage == null ? TokenUsage.UNKNOWN : call.usage),
        List.of(),
        new Json.Obj(call.extra));
  }

  private Span span(Tool tool, TraceId trace, SpanId parent) {
    Entry.ToolUse use = tool.use;
    Entry.ToolResult result = tool.result;
    Instant end = result != null ? result.time() : tool.stopped;
    Timing timing = Timing.DERIVED;
    if (end == null || end.isBefore(use.time())) {
      end = use.time();
      timing = Timing.UNKNOWN;
    }
    Outcome outcome;
    if (tool.stopped != null) {
      outcome = new Outcome.Interrupted();
    } else {
      outcome = result == null ? new Outcome.Unfinished() : result.outcome();
    }
    if (outcome instanceof Outcome.Failed(String type, String message)
        && message.length() > LONGEST_MESSAGE) {
      boolean split = Character.isHighSurrogate(message.charAt(LONGEST_MESSAGE - 1));
      int cut = split ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE;
      outcome = new Outcome.Failed(type, message.substring(0, cut) + "…");
    }
    return new Span(
        id(trace, tool),
        parent,
        "tool_" + use.name(),
        use.time(),
        end,
        timing,
        outcome,
        new Detail.ToolCall(
            use.name(),
            use.callId(),
            use.mcpServer(),
            use.input(),
            result == null ? null : result.result()),
        List.of(),
        result == null ? Json.object().build() : result.extra());
  }

  static Instant later(Instant some, Instant other) {
    return other.isAfter(some) ? other : some;
  }
}
