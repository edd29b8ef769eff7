package dev.ucode.store;

import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace on its way to one destination.
 *
 * @param accepted when it was put into the outbox
 * @param spans in the order of the trace
 * @param infoSent whether the trace's own record has been taken
 * @param tags still to be set
 * @param nextAttempt not before then
 * @param mostSpans how many spans a request may hold; less than all after a rejection, to find the
 *     one that is at fault
 * @param rejections how many spans have been refused for good
 * @param why the last thing that went wrong, or null
 */
public record Parcel(
    TraceId trace,
    String destination,
    Instant accepted,
    State state,
    List<SpanState> spans,
    boolean infoSent,
    Map<String, String> tags,
    Instant nextAttempt,
    int attempts,
    int mostSpans,
    int rejections,
    @Nullable String why) {
  /** No limit on the spans of a request. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Where it is. */
  public enum State {
    /** Something of it is still to be sent or asked about. */
    WAITING,
    /** All of it was taken. */
    DELIVERED,
    /** Something of it was refused for good; the rest was taken or was not tried. */
    QUARANTINED
  }

  public Parcel {
    spans = List.copyOf(spans);
    tags = Map.copyOf(tags);
  }

  /** The spans of that status. */
  public List<SpanState> spans(SpanStatus status) {
    List<SpanState> some = new ArrayList<>();
    for (SpanState span : spans) {
      if (span.status() == status) {
        some.add(span);
      }
    }
    return some;
  }

  /** With some spans' states replaced. */
  public Parcel with(List<SpanState> changed) {
    Map<String, SpanState> byId = new LinkedHashMap<>();
    for (SpanState span : spans) {
      byId.put(span.id().hex(), span);
    }
    for (SpanState span : changed) {
      byId.put(span.id().hex(), span);
    }
    return copy(
        state,
        new ArrayList<>(byId.values()),
        infoSent,
        tags,
        nextAttempt,
        attempts,
        mostSpans,
        rejections,
        why);
  }

  /** To be looked at again, not before then. */
  public Parcel at(Instant next) {
    return copy(state, spans, infoSent, tags, next, attempts, mostSpans, rejections, why);
  }

  /** After something went wrong. */
  public Parcel failed(String reason) {
    return copy(
        state, spans, infoSent, tags, nextAttempt, attempts + 1, mostSpans, rejections, reason);
  }

  /** After something went well. */
  public Parcel wentWell() {
    return copy(state, spans, infoSent, tags, nextAttempt, 0, mostSpans, rejections, null);
  }

  public Parcel infoSent(boolean sent) {
    return copy(state, spans, sent, tags, nextAttempt, attempts, mostSpans, rejections, why);
  }

  public Parcel tags(Map<String, String> left) {
    return copy(state, spans, infoSent, left, nextAttempt, attempts, mostSpans, rejections, why);
  }

  public Parcel state(State now) {
    return copy(now, spans, infoSent, tags, nextAttempt, attempts, mostSpans, rejections, why);
  }

  public Parcel mostSpans(int most) {
    return copy(state, spans, infoSent, tags, nextAttempt, attempts, most, rejections, why);
  }

  public Parcel rejections(int count) {
    return copy(state, spans, infoSent, tags, nextAttempt, attempts, mostSpans, count, why);
  }

  private Parcel copy(
      State newState,
      List<SpanState> newSpans,
      boolean newInfoSent,
      Map<String, String> newTags,
      Instant newNextAttempt,
      int newAttempts,
      int newMostSpans,
      int newRejections,
      @Nullable String newWhy) {
    return new Parcel(
        trace,
        destination,
        accepted,
        newState,
        newSpans,
        newInfoSent,
        newTags,
        newNextAttempt,
        newAttempts,
        newMostSpans,
        newRejections,
        newWhy);
  }
}
