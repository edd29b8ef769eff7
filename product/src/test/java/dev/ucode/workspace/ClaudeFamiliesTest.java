package dev.ucode.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaudeFamiliesTest {
  @Test
  void versionsAreComparedAsNumbers() {
    assertThat(
            newest(
                "system.ai.claude-opus-4-8",
                "system.ai.claude-opus-4-10",
                "system.ai.claude-sonnet-4-6",
                "system.ai.claude-sonnet-5",
                "system.ai.claude-haiku-4-5"))
        .isEqualTo(
            Map.of(
                "opus", "system.ai.claude-opus-4-10",
                "sonnet", "system.ai.claude-sonnet-5",
                "haiku", "system.ai.claude-haiku-4-5"));
  }

  @Test
  void aDateIsNotAVersion() {
    assertThat(newest("databricks-claude-opus-4-20250514", "databricks-claude-opus-4-1"))
        .containsEntry("opus", "databricks-claude-opus-4-1");
    assertThat(newest("claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250101"))
        .containsEntry("sonnet", "claude-sonnet-4-5-20250929");
  }

  @Test
  void aVariantComesAfterTheModelItself() {
    assertThat(newest("system.ai.claude-opus-5-fast", "system.ai.claude-opus-5"))
        .containsEntry("opus", "system.ai.claude-opus-5");
    assertThat(newest("system.ai.claude-opus-5-fast", "system.ai.claude-opus-4-8"))
        .containsEntry("opus", "system.ai.claude-opus-5-fast");
  }

  @Test
  void theOrderOfTheListingDoesNotMatter() {
    var ids = List.of("system.ai.databricks-claude-opus-5", "system.ai.claude-opus-5");
    assertThat(ClaudeFamilies.newest(ids)).isEqualTo(ClaudeFamilies.newest(ids.reversed()));
    assertThat(ClaudeFamilies.newest(ids)).containsEntry("opus", "system.ai.claude-opus-5");
  }

  @Test
  void otherModelsAreNobodysFamily() {
    assertThat(newest("system.ai.gpt-5-5", "system.ai.claude-3-7-sonnet", "notclaude-opus-5"))
        .isEmpty();
  }

  private static Map<String, String> newest(String... ids) {
    return ClaudeFamilies.newest(List.of(ids));
  }
}
