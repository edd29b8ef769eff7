package dev.ucode.transcript;

/** What is known, from hooks and clocks, about the end of the last turn in a file. */
public enum Closing {
  /** Nothing: only what the file itself says closes a turn. */
  OPEN,
  /** A Stop fired and a second of quiet passed: a turn that has its answer is closed. */
  STOPPED,
  /** The session ended, or its process is gone: whatever is open is closed as it stands. */
  ENDED
}
