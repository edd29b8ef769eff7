package dev.ucode.trace;

/** Where a span's start and end come from. */
public enum Timing {
  /** Both ends were recorded by the agent for this very thing. */
  MEASURED,
  /** An end was taken from a neighbouring record. */
  DERIVED,
  /** The length is not known: start and end are the one instant that is. */
  UNKNOWN
}
