package dev.ucode.setup;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything {@code ucode revert} would do.
 *
 * @param restored files that get their old content back
 * @param deleted files and folders of ours that go
 * @param kept what stays, and why: traces that have not been delivered
 */
public record RevertPlan(List<Path> restored, List<Path> deleted, List<Kept> kept, boolean purge) {
  /** Something that stays. */
  public record Kept(Path path, String why) {}

  public RevertPlan {
    restored = List.copyOf(restored);
    deleted = List.copyOf(deleted);
    kept = List.copyOf(kept);
  }

  /** Whether there is nothing to do. */
  public boolean empty() {
    return restored.isEmpty() && deleted.isEmpty();
  }
}
