package dev.ucode.sandbox.gateway;

import java.util.List;
import java.util.stream.Stream;

/**
 * The Claude models that this workspace serves. Each is known by two names: the older endpoint name
 * {@code databricks-claude-…} and the Unity Catalog name {@code system.ai.claude-…}.
 */
public final class ModelCatalog {
  private static final List<String> CLAUDE =
      List.of("claude-haiku-4-5", "claude-opus-4-8", "claude-opus-5", "claude-sonnet-5");

  private ModelCatalog() {}

  /** Names without a prefix, alphabetical. */
  public static List<String> claude() {
    return CLAUDE;
  }

  /** Every id that a request to the Anthropic paths may name. */
  public static List<String> ids() {
    return Stream.of("databricks-", "system.ai.")
        .flatMap(prefix -> CLAUDE.stream().map(prefix::concat))
        .toList();
  }
}
