package dev.ucode.setup;

import java.util.List;

/**
 * What {@code ucode revert} did.
 *
 * @param warnings files a person had changed after us, and where that version is kept
 */
public record RevertReport(RevertPlan plan, List<String> warnings) {
  public RevertReport {
    warnings = List.copyOf(warnings);
  }
}
