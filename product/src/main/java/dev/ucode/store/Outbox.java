package dev.ucode.store;

import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Traces on their way. Only the holder of the worker's lease sends. */
public interface Outbox {
  /** Destinations with something waiting. */
  List<String> destinations();

  /** The parcel to attend to first, of those whose time has come; null where there is none. */
  @Nullable Parcel next(String destination, Instant now);

  /** When the first of the waiting parcels is to be attended to; null where none waits. */
  @Nullable Instant nextAttempt(String destination);

  /** One parcel, whatever its state; null where there is none. */
  @Nullable Parcel find(TraceId trace, String destination);

  /** Parcels with spans in a request whose outcome nobody wrote down: its process died. */
  List<Parcel> cutOff();

  /** The content of some of a trace's spans, in the order of the trace. */
  List<Span> spans(TraceId trace, List<SpanId> ids);

  /** Writes down a parcel, and those of its spans that changed. */
  void put(Parcel parcel, List<SpanState> changed);

  /**
   * Writes down that a request is about to begin. It is on the disk when this returns.
   *
   * @return the request's number, for {@link #end}
   */
  long begin(Parcel parcel, List<SpanState> changed, Disclosure.What what, long bytes, Instant now);

  /**
   * Writes down how a request ended, all of it or nothing.
   *
   * @param outcome in words
   * @param acknowledged whether the destination confirmed it
   */
  void end(
      long request,
      Parcel parcel,
      List<SpanState> changed,
      DestinationState destination,
      String outcome,
      boolean acknowledged,
      Instant now);

  /**
   * Writes down what the destination said when it was asked about spans in doubt. Earlier requests
   * of spans are acknowledged by it where none of the parcel's spans is missing or in doubt.
   */
  void answered(Parcel parcel, List<SpanState> changed, Instant now);

  /** How a destination has answered lately. */
  DestinationState destination(String id);

  /** Writes down how a destination has answered. */
  void put(DestinationState destination);

  /** Puts what was refused of a trace back on its way; says whether there was anything. */
  boolean replay(TraceId trace, String destination, Instant now);
}
