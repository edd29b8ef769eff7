package dev.ucode.drain;

import dev.ucode.agent.Tracing;
import dev.ucode.sink.TraceSink;
import org.jspecify.annotations.Nullable;

/** Finds destinations by the short name that a hook's event carries. */
public interface Routes {
  /** What is fixed for every trace that goes there; null where the name is not known (any more). */
  @Nullable Stamp stamp(String destination);

  /** Where to send; null where the name is not known (any more). */
  @Nullable TraceSink sink(String destination);

  /** The name of no destination: traces stay on this machine. */
  String LOCAL = Tracing.LOCAL;

  /**
   * What a destination adds to a trace.
   *
   * @param user the workspace identity
   */
  record Stamp(@Nullable String user) {}
}
