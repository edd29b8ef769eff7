package dev.ucode.workspace;

import java.util.List;

/**
 * What a workspace's gateway offers.
 *
 * @param reasons where models are missing: which listing was asked and what it said
 */
public record Discovery(Models models, List<String> reasons) {
  public Discovery {
    reasons = List.copyOf(reasons);
  }
}
