package dev.ucode.store;

import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request that left this machine, or may have.
 *
 * @param what what it held
 * @param spans how many spans it held
 * @param bytes length of its body
 * @param mode how content had been treated: {@code full}, {@code redacted}, {@code metadata}
 * @param masked how many secrets of each kind had been masked in the trace
 * @param ended when its outcome was known; null while it is under way, or was when a process died
 * @param outcome what is known of it, in words; null while it is under way
 * @param acknowledged when the destination confirmed it, at once or when asked later
 */
public record Disclosure(
    TraceId trace,
    String destination,
    What what,
    int spans,
    long bytes,
    String mode,
    Map<String, Integer> masked,
    Instant sent,
    @Nullable Instant ended,
    @Nullable String outcome,
    @Nullable Instant acknowledged) {
  /** What a request held. */
  public enum What {
    SPANS,
    INFO,
    TAGS
  }
}
