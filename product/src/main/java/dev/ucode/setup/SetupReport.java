package dev.ucode.setup;

import dev.ucode.name.AgentId;
import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration did.
 *
 * @param plan what it followed
 * @param changed files written
 * @param unchanged files that were as they should be
 * @param tried agents that have answered in a live conversation
 */
public record SetupReport(
    SetupPlan plan, List<Path> changed, List<Path> unchanged, List<AgentId> tried) {
  public SetupReport {
    changed = List.copyOf(changed);
    unchanged = List.copyOf(unchanged);
    tried = List.copyOf(tried);
  }
}
