package dev.ucode.redact;

import dev.ucode.trace.TraceUpdate;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may be stored and sent.
 *
 * @param masked how many secrets were replaced, by the kind in their mark
 */
public record Redaction(TraceUpdate update, Map<String, Integer> masked) {
  public Redaction {
    masked = Collections.unmodifiableMap(new TreeMap<>(masked));
  }
}
