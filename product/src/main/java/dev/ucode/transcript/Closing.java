package dev.ucode.transcript;

/** What is known, from hooks and clocks, about the end of the last turn in a file. */
public enum Closing {
  /** Nothing: only what the file itself says closes a turn. */
  OPEN,
  /**
   * A Stop fired and a second of quiet passed: a turn that has its answer is closed, where the
   * agent's version does not write down itself that the turn is over. Where it does, that record is
   * waited for, since another hook may still be running that sends the model on.
   */
  STOPPED,
  /** The session ended, or its process is gone: whatever is open is closed as it stands. */
  ENDED
}
