package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.trace.Event;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A turn that has begun and not closed, or the rest of one that was closed too early. */
final class OpenTurn {
  /** Whether anything is to come of it. */
  enum Fate {
    /** A trace. */
    TRACE,
    /** Late spans of a trace already sent: its root is not written again. */
    LATE,
    /** Nothing: it is known, a copy, or not ours. */
    SKIP
  }

  final TraceId trace;
  final String promptId;
  final Entry.Cause cause;
  final Entry.Facts facts;
  final Instant start;
  final long offset; // where reading has to start again to see all of it
  final List<String> prompts = new ArrayList<>();
  final List<Entry.Task> tasks = new ArrayList<>();
  final Steps steps;

  /** Agents whose records lie in the session's own file, by the first record's id. */
  final Map<String, Chain> chains = new LinkedHashMap<>();

  /** The session's totals as recorded before this turn's first step, and within it. */
  Entry.@Nullable Totals totalsBefore;

  Entry.@Nullable Totals totals;
  Fate fate;

  OpenTurn(
      TraceId trace,
      String promptId,
      Entry.Cause cause,
      Entry.Facts facts,
      Instant start,
      long offset,
      Fate fate,
      Style style) {
    this.trace = trace;
    this.promptId = promptId;
    this.cause = cause;
    this.facts = facts;
    this.start = start;
    this.offset = offset;
    this.fate = fate;
    this.steps = new Steps(style, start);
  }

  /** A subagent's records within the session's file. */
  static final class Chain {
    final Steps steps;
    final Instant start;
    final String prompt;

    Chain(Style style, Instant start, String prompt) {
      this.steps = new Steps(style, start);
      this.start = start;
      this.prompt = prompt;
    }
  }

  /** What came between two turns and belongs to the next. */
  static final class Between {
    final long offset; // of its first line
    final List<Message> messages = new ArrayList<>();
    final List<String> contexts = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    Entry.@Nullable Totals totals;

    Between(long offset) {
      this.offset = offset;
    }

    /** Gives all of it to the turn. */
    void moveTo(OpenTurn turn) {
      for (Message message : messages) {
        turn.steps.input(message.time, message.message, false, message.offset);
      }
      contexts.forEach(turn.steps::context);
      events.forEach(turn.steps::before);
      turn.totalsBefore = totals;
    }
  }

  /** A message with the offset of its line. */
  record Message(Instant time, Json.Obj message, long offset) {}
}
