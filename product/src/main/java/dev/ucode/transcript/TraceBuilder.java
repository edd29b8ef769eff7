package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.name.SessionId;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Ids;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the spans of a closed turn, those of the agents it started among them. */
final class TraceBuilder {
  /** An agent that starts itself again and again would otherwise never end. */
  private static final int DEEPEST = 20;

  private final Style style;
  private final SessionId session;
  private final Subagents subagents;
  private final GitFacts git;
  private final AssemblyState state;
  private final List<AssemblyState.Running> started = new ArrayList<>();

  TraceBuilder(
      Style style, SessionId session, Subagents subagents, GitFacts git, AssemblyState state) {
    this.style = style;
    this.session = session;
    this.subagents = subagents;
    this.git = git;
    this.state = state;
  }

  /**
   * The trace of a turn that has closed.
   *
   * @param ended whether nothing of the session runs any more: agents are taken as they are
   */
  Trace trace(OpenTurn turn, boolean ended) throws IOException {
    Steps steps = turn.steps;
    SpanId rootId = Ids.span(turn.trace, Ids.Kind.TURN, "");
    Outcome outcome = steps.outcome();
    String prompt = String.join("\n\n", turn.prompts);
    Instant end = Steps.later(turn.start, steps.last());
    Span root =
        new Span(
            rootId,
            null,
            style.rootName(),
            turn.start,
            end,
            outcome instanceof Outcome.Unfinished ? Timing.DERIVED : Timing.MEASURED,
            outcome,
            new Detail.Turn(prompt, steps.response()),
            steps.events(),
            Json.object().build());
    List<Span> spans = new ArrayList<>();
    spans.add(root);
    spans.addAll(below(steps, turn, rootId, ended));
    boolean bad = outcome instanceof Outcome.Failed || outcome instanceof Outcome.Unfinished;
    return new Trace(
        turn.trace,
        session,
        style.agent(),
        turn.promptId,
        turn.start,
        end,
        bad ? Trace.State.ERROR : Trace.State.OK,
        spans,
        metadata(turn, usage(spans)),
        tags(outcome));
  }

  /** The spans of what came after a turn had been closed, without its root. */
  List<Span> late(OpenTurn turn, boolean ended) throws IOException {
    return below(turn.steps, turn, Ids.span(turn.trace, Ids.Kind.TURN, ""), ended);
  }

  /**
   * The spans of an agent whose turn has closed.
   *
   * @return null where it turns out to be still at work
   */
  @Nullable List<Span> late(AssemblyState.Running agent, boolean ended) throws IOException {
    Subagents.Run run = subagents.read(agent.agentId(), agent.from());
    if (run == null) {
      return ended ? List.of() : null;
    }
    List<Span> spans = new ArrayList<>();
    Steps steps = feed(run);
    if (!ended && !steps.answered() && !state.done.containsKey(agent.toolCall())) {
      return null;
    }
    state.read(agent.agentId(), run.end());
    agentSpans(agent, run, steps, true, ended, 0, spans);
    sortByStart(spans, 0);
    return spans;
  }

  /** Background agents found to be still at work since this was last asked. */
  List<AssemblyState.Running> takeStarted() {
    List<AssemblyState.Running> taken = List.copyOf(started);
    started.clear();
    return taken;
  }

  private List<Span> below(Steps steps, OpenTurn turn, SpanId root, boolean ended)
      throws IOException {
    List<Span> spans = new ArrayList<>(steps.spans(turn.trace, root));
    Map<String, OpenTurn.Chain> chains = new LinkedHashMap<>(turn.chains);
    agents(steps, turn.trace, ended, 0, chains, spans);
    for (Map.Entry<String, OpenTurn.Chain> orphan : chains.entrySet()) {
      chainSpans(orphan.getKey(), orphan.getValue(), null, turn.trace, root, ended, spans);
    }
    sortByStart(spans, 0);
    return spans;
  }

  /** Adds the agents that the tool calls of some steps started. */
  private void agents(
      Steps steps,
      TraceId trace,
      boolean ended,
      int depth,
      Map<String, OpenTurn.Chain> chains,
      List<Span> spans)
      throws IOException {
    for (Steps.Tool tool : steps.tools()) {
      Entry.ToolUse use = tool.use;
      Entry.ToolResult result = tool.result;
      String task = result == null ? null : result.task();
      if (task != null) {
        state.launched(task, trace);
        state.launched(use.callId(), trace);
      }
      Entry.Started start = result == null ? null : result.started();
      String agentId = start != null ? start.agentId() : null;
      if (agentId == null && use.startsAgent()) {
        agentId = subagents.startedBy(use.callId());
      }
      if (agentId != null && depth < DEEPEST) {
        state.launched(agentId, trace);
        state.launched(use.callId(), trace);
        boolean resumed = start != null && start.resumed();
        boolean background = start != null && start.background();
        AssemblyState.Running agent =
            new AssemblyState.Running(
                agentId,
                resumed ? agentId + ":" + use.callId() : agentId,
                trace,
                Steps.id(trace, tool),
                use.callId(),
                use.input().text("subagent_type", "agent"),
                use.input().text("description"),
                resumed ? state.read.getOrDefault(agentId, -1L) : 0);
        agent(agent, tool, background, ended, depth, spans);
      } else if (use.startsAgent()) {
        chain(tool, trace, ended, chains, spans);
      }
    }
  }

  private void agent(
      AssemblyState.Running agent,
      Steps.Tool tool,
      boolean background,
      boolean ended,
      int depth,
      List<Span> spans)
      throws IOException {
    boolean over =
        !background
            || ended
            || state.done.containsKey(agent.toolCall())
            || subagents.finished(agent.agentId());
    Subagents.Run run = over ? subagents.read(agent.agentId(), agent.from()) : null;
    Steps steps = run == null ? null : feed(run);
    if (background
        && !ended
        && (steps == null || !(steps.answered() || state.done.containsKey(agent.toolCall())))) {
      started.add(agent);
      return;
    }
    if (run == null || steps == null) {
      return;
    }
    if (tool.stopped != null && !steps.answered() && !steps.interrupted()) {
      steps.interrupt(new Entry.Interrupt(Steps.later(steps.last(), tool.stopped), true));
    }
    state.read(agent.agentId(), run.end());
    agentSpans(agent, run, steps, background, ended, depth, spans);
  }

  private void agentSpans(
      AssemblyState.Running agent,
      Subagents.Run run,
      Steps steps,
      boolean background,
      boolean ended,
      int depth,
      List<Span> spans)
      throws IOException {
    if (!(run.entries().getFirst() instanceof Entry.Prompt prompt)) {
      return;
    }
    String type = run.type() == null ? agent.type() : run.type();
    String description = run.description() == null ? agent.description() : run.description();
    SpanId id = Ids.span(agent.trace(), Ids.Kind.SUBAGENT, agent.ownId());
    spans.add(
        new Span(
            id,
            agent.toolSpan(),
            "subagent_" + type,
            prompt.time(),
            Steps.later(prompt.time(), steps.last()),
            Timing.MEASURED,
            steps.outcome(),
            new Detail.Subagent(
                agent.agentId(), type, description, prompt.text(), steps.response(), background),
            steps.events(),
            Json.object().build()));
    spans.addAll(steps.spans(agent.trace(), id));
    agents(steps, agent.trace(), ended, depth + 1, new LinkedHashMap<>(), spans);
  }

  /** The agent whose records lie in the session's own file and began with the tool's prompt. */
  private void chain(
      Steps.Tool tool,
      TraceId trace,
      boolean ended,
      Map<String, OpenTurn.Chain> chains,
      List<Span> spans)
      throws IOException {
    String prompt = tool.use.input().text("prompt", "");
    for (Map.Entry<String, OpenTurn.Chain> entry : chains.entrySet()) {
      if (entry.getValue().prompt.strip().equals(prompt.strip())) {
        chains.remove(entry.getKey());
        SpanId parent = Steps.id(trace, tool);
        chainSpans(entry.getKey(), entry.getValue(), tool, trace, parent, ended, spans);
        return;
      }
    }
  }

  private void chainSpans(
      String id,
      OpenTurn.Chain chain,
      Steps.@Nullable Tool tool,
      TraceId trace,
      SpanId parent,
      boolean ended,
      List<Span> spans)
      throws IOException {
    String type = tool == null ? "agent" : tool.use.input().text("subagent_type", "agent");
    String description = tool == null ? null : tool.use.input().text("description");
    SpanId span = Ids.span(trace, Ids.Kind.SUBAGENT, id);
    spans.add(
        new Span(
            span,
            parent,
            "subagent_" + type,
            chain.start,
            Steps.later(chain.start, chain.steps.last()),
            Timing.MEASURED,
            chain.steps.outcome(),
            new Detail.Subagent(id, type, description, chain.prompt, chain.steps.response(), false),
            chain.steps.events(),
            Json.object().build()));
    spans.addAll(chain.steps.spans(trace, span));
    agents(chain.steps, trace, ended, 1, new LinkedHashMap<>(), spans);
  }

  private Steps feed(Subagents.Run run) {
    Entry first = run.entries().getFirst();
    Steps steps =
        new Steps(style, first instanceof Entry.Prompt prompt ? prompt.time() : Instant.EPOCH);
    for (Entry entry : run.entries()) {
      feed(steps, entry, 0);
    }
    return steps;
  }

  /** Gives one entry to the steps of an agent that is not the session's main one. */
  static void feed(Steps steps, Entry entry, long offset) {
    switch (entry) {
      case Entry.Prompt prompt -> steps.prompt(prompt.time(), prompt.message(), offset);
      case Entry.Input input -> steps.input(input.time(), input.message(), input.sendsOn(), offset);
      case Entry.Context(String kind) -> steps.context(kind);
      case Entry.Request request -> steps.request(request);
      case Entry.Output output -> steps.output(output);
      case Entry.ToolUse use -> steps.toolUse(use);
      case Entry.ToolResult result -> steps.toolResult(result, offset);
      case Entry.Retry retry -> steps.retry(retry);
      case Entry.ApiError error -> steps.apiError(error);
      case Entry.Interrupt interrupt -> steps.interrupt(interrupt);
      case Entry.Compaction compaction ->
          steps.event(new Event("compaction", compaction.time(), compaction.attributes()));
      case Entry.CommandDone done -> {}
      case Entry.TurnEnd end -> {}
      case Entry.TaskDone done -> {}
      case Entry.Totals totals -> {}
    }
  }

  private static void sortByStart(List<Span> spans, int from) {
    spans.subList(from, spans.size()).sort(Comparator.comparing(Span::start));
  }

  private Map<String, String> metadata(OpenTurn turn, TokenUsage usage) {
    Entry.Facts facts = turn.facts;
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("mlflow.trace.session", session.value());
    put(metadata, "mlflow.trace.working_directory", facts.workingDirectory());
    put(metadata, style.versionKey(), facts.version());
    put(metadata, "mlflow.trace.permission_mode", facts.permissionMode());
    if (usage.quality() != TokenUsage.Quality.UNKNOWN) {
      metadata.put("mlflow.trace.tokenUsage", json(usage).write());
      metadata.put("ucode.token_quality", usage.quality().name().toLowerCase(Locale.ROOT));
    }
    GitFacts.Found found = git.at(facts.workingDirectory(), turn.start);
    put(metadata, "mlflow.source.git.branch", facts.branch());
    put(metadata, "mlflow.source.git.commit", found.commit());
    put(metadata, "ucode.source.git.commit", found.commit() == null ? null : "derived");
    put(metadata, "mlflow.source.git.repoURL", found.remote());
    metadata.put("ucode.agent", style.agent().value());
    put(metadata, "ucode.entrypoint", facts.entrypoint());
    if (!turn.tasks.isEmpty()) {
      launchers(turn.tasks, metadata);
    }
    return metadata;
  }

  /** Links a turn that a background task began to the trace that launched the task. */
  private void launchers(List<Entry.Task> tasks, Map<String, String> metadata) {
    Set<String> ids = new LinkedHashSet<>();
    Set<String> calls = new LinkedHashSet<>();
    Set<String> traces = new LinkedHashSet<>();
    for (Entry.Task task : tasks) {
      ids.add(task.id());
      String call = task.toolCall();
      TraceId trace = call == null ? null : state.launched.get(call);
      if (call != null) {
        calls.add(call);
      }
      trace = trace == null ? state.launched.get(task.id()) : trace;
      if (trace != null) {
        traces.add(trace.hex());
      }
    }
    metadata.put("ucode.launched_by.task", String.join(",", ids));
    if (!calls.isEmpty()) {
      metadata.put("ucode.launched_by.tool_call", String.join(",", calls));
    }
    if (!traces.isEmpty()) {
      metadata.put("ucode.launched_by.trace", String.join(",", traces));
    }
  }

  private Map<String, String> tags(Outcome outcome) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.traceName", style.rootName());
    if (outcome instanceof Outcome.Interrupted) {
      tags.put("interrupted", "true");
    } else if (outcome instanceof Outcome.Unfinished) {
      tags.put("unfinished", "true");
    }
    return tags;
  }

  private static void put(Map<String, String> map, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      map.put(key, value);
    }
  }

  /** What the model calls among some spans used. */
  static TokenUsage usage(List<Span> spans) {
    TokenUsage sum = TokenUsage.UNKNOWN;
    for (Span span : spans) {
      if (span.detail() instanceof Detail.ModelCall call) {
        sum = sum.plus(call.usage());
      }
    }
    return sum;
  }

  /** Usage by MLflow's names: the total leaves the cache out, as MLflow's own does. */
  static Json.Obj json(TokenUsage usage) {
    return Json.object()
        .put("input_tokens", usage.input())
        .put("output_tokens", usage.output())
        .put("total_tokens", usage.input() + usage.output())
        .put("cache_read_input_tokens", usage.cacheRead())
        .put("cache_creation_input_tokens", usage.cacheCreation())
        .build();
  }
}
