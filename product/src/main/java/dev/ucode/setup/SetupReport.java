package dev.ucode.setup;

import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration did.
 *
 * @param plan what it followed
 * @param changed files written
 * @param unchanged files that were as they should be
 * @param proved what was proved by a real request, one line each
 */
public record SetupReport(
    SetupPlan plan, List<Path> changed, List<Path> unchanged, List<String> proved) {
  public SetupReport {
    changed = List.copyOf(changed);
    unchanged = List.copyOf(unchanged);
    proved = List.copyOf(proved);
  }
}
