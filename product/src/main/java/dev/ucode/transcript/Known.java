package dev.ucode.transcript;

import dev.ucode.trace.TraceId;

/** What the ledger knows: a fork or a resume copies records, and a copy is never sent again. */
public interface Known {
  /** Whether the turn of that id has been assembled and stored before. */
  boolean contains(TraceId trace);

  /** Nothing was assembled before. */
  Known NOTHING = trace -> false;
}
