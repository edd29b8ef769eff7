package dev.ucode.setup;

/** Told what is being done, for a person who waits. */
public interface Progress {
  /** A step begins; said in a few words, without a full stop. */
  void step(String what);

  /** Says nothing. */
  Progress SILENT = what -> {};
}
