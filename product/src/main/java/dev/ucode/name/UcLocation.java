package dev.ucode.name;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment's traces are stored in Unity Catalog: {@code catalog.schema.prefix}. The
 * tables are {@code <prefix>_otel_spans}, {@code <prefix>_otel_annotations} and their sisters.
 */
public record UcLocation(String catalog, String schema, String prefix) {
  /** Reads a dotted path; null unless it has exactly three non-empty parts. */
  public static @Nullable UcLocation parse(String path) {
    List<String> parts = List.of(path.strip().split("\\.", -1));
    if (parts.size() != 3 || parts.stream().anyMatch(String::isBlank)) {
      return null;
    }
    return new UcLocation(parts.get(0), parts.get(1), parts.get(2));
  }

  /** Full name of the spans table. */
  public String spansTable() {
    return this + "_otel_spans";
  }

  @Override
  public String toString() {
    return catalog + "." + schema + "." + prefix;
  }
}
