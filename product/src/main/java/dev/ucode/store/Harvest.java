package dev.ucode.store;

import dev.ucode.trace.TraceUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one reading brought in.
 *
 * @param after the session as it is after the reading
 * @param items what closed, in that order
 * @param destination where that is to be delivered; null where it stays on this machine
 * @param keepContent whether content stays here after it has been delivered
 * @param mode how content was treated: {@code full}, {@code redacted}, {@code metadata}
 * @param counts of what was odd, by {@link Counter#name}; unknown records are {@code
 *     unknown_record/<type>}
 * @param announced false where no hook told of these turns and the sweep found them
 * @param at when it was brought in
 */
public record Harvest(
    SessionState after,
    List<Item> items,
    @Nullable String destination,
    boolean keepContent,
    String mode,
    Map<String, Integer> counts,
    boolean announced,
    Instant at) {
  public Harvest {
    items = List.copyOf(items);
    counts = Map.copyOf(counts);
  }

  /**
   * Something that closed.
   *
   * @param update without its secrets
   * @param masked how many secrets of each kind it had
   */
  public record Item(TraceUpdate update, Map<String, Integer> masked) {}
}
