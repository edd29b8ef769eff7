package dev.ucode.history;

import dev.ucode.trace.Detail;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A turn as a tree.
 *
 * @param session the agent's own id of the session, where it is known
 * @param agent the agent's name, where it is known
 * @param prompt what began the turn; empty where it is not known
 * @param roots the turn's own span, and after it spans whose parent is not there
 */
public record TurnTree(
    TraceId id, @Nullable String session, @Nullable String agent, String prompt, List<Node> roots) {
  private static final int LABEL = 200;

  public TurnTree {
    roots = List.copyOf(roots);
  }

  /** A trace as the store has it. */
  public static TurnTree of(Trace trace) {
    List<Found> spans = new ArrayList<>();
    for (Span span : trace.spans()) {
      spans.add(new Found(span.parent(), node(span)));
    }
    String prompt = trace.root().detail() instanceof Detail.Turn turn ? turn.prompt() : "";
    return new TurnTree(
        trace.id(), trace.session().value(), trace.agent().value(), prompt, nested(spans));
  }

  /** A span that has been read, and whose child it is. */
  record Found(@Nullable SpanId parent, Node node) {}

  /** Puts spans below their parents, children in the order they started. */
  static List<Node> nested(List<Found> spans) {
    Map<SpanId, List<Node>> below = new HashMap<>();
    Set<SpanId> there = new HashSet<>();
    spans.forEach(span -> there.add(span.node().id()));
    List<Node> tops = new ArrayList<>();
    List<Node> orphans = new ArrayList<>();
    for (Found span : spans) {
      SpanId parent = span.parent();
      if (parent == null) {
        tops.add(span.node());
      } else if (there.contains(parent) && !parent.equals(span.node().id())) {
        below.computeIfAbsent(parent, p -> new ArrayList<>()).add(span.node());
      } else {
        orphans.add(span.node());
      }
    }
    tops.addAll(orphans);
    List<Node> roots = new ArrayList<>();
    tops.forEach(top -> roots.add(grown(top, below)));
    return roots;
  }

  private static Node grown(Node node, Map<SpanId, List<Node>> below) {
    // Taken out, so that spans that claim each other as parents end somewhere.
    List<Node> children = below.remove(node.id());
    if (children == null) {
      return node;
    }
    children.sort(Comparator.comparing(Node::start).thenComparing(child -> child.id().hex()));
    List<Node> grown = new ArrayList<>();
    children.forEach(child -> grown.add(grown(child, below)));
    return node.with(grown);
  }

  private static Node node(Span span) {
    Node.Kind kind;
    String label;
    TokenUsage usage = null;
    switch (span.detail()) {
      case Detail.Turn turn -> {
        kind = Node.Kind.TURN;
        label = turn.prompt();
      }
      case Detail.ModelCall call -> {
        kind = Node.Kind.MODEL_CALL;
        label = call.model() == null ? "" : call.model();
        usage = call.usage();
      }
      case Detail.ToolCall tool -> {
        kind = Node.Kind.TOOL_CALL;
        label = Labels.of(tool.input());
      }
      case Detail.Subagent agent -> {
        kind = Node.Kind.SUBAGENT;
        label = agent.description() == null ? agent.prompt() : agent.description();
      }
    }
    return new Node(
        span.id(),
        kind,
        span.name(),
        cut(label),
        span.start(),
        span.end(),
        span.timing(),
        span.outcome(),
        usage,
        span.events(),
        List.of());
  }

  private static String cut(String text) {
    return text.length() <= LABEL ? text : text.substring(0, LABEL);
  }

  /** When its first span began. */
  public Instant start() {
    return all().stream().map(Node::start).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  /** When its last span ended. */
  public Instant end() {
    return all().stream().map(Node::end).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  /** All spans, each before those below it. */
  public List<Node> all() {
    List<Node> all = new ArrayList<>();
    List<Node> open = new ArrayList<>(roots.reversed());
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      all.add(node);
      open.addAll(node.children().reversed());
    }
    return all;
  }

  /** What all model calls used. */
  public TokenUsage usage() {
    TokenUsage sum = TokenUsage.UNKNOWN;
    for (Node node : all()) {
      TokenUsage usage = node.usage();
      sum = usage == null ? sum : sum.plus(usage);
    }
    return sum;
  }
}
