package dev.ucode.agent;

import dev.ucode.transcript.TranscriptReader;

/** An agent whose sessions can be traced. */
public interface Traceable extends Agent {
  /** Reads what the agent records of a session. */
  TranscriptReader reader();
}
