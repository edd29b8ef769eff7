package dev.ucode.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.mlflow.Filter.Condition;
import dev.ucode.sandbox.mlflow.Filter.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  @Test
  void conditionsAreJoinedByAnd() {
    assertThat(
            Filter.parse(
                    "name LIKE '%ucode-traces' AND tags.`mlflow.a b` = \"it's\" and"
                        + " trace.timestamp_ms>=5 AND status IN ('OK', 'ERROR') AND tag.k IS NOT"
                        + " NULL AND metadata.mlflow.trace.session != 'O''Brien'")
                .conditions())
        .containsExactly(
            new Condition("", "name", Operator.LIKE, List.of("%ucode-traces")),
            new Condition("tags", "mlflow.a b", Operator.EQUAL, List.of("it's")),
            new Condition("trace", "timestamp_ms", Operator.GREATER_OR_EQUAL, List.of("5")),
            new Condition("", "status", Operator.IN, List.of("OK", "ERROR")),
            new Condition("tag", "k", Operator.IS_NOT_NULL, List.of()),
            new Condition(
                "metadata", "mlflow.trace.session", Operator.NOT_EQUAL, List.of("O'Brien")));
  }

  @Test
  void nothingLetsEverythingPass() {
    assertThat(Filter.parse(null).conditions()).isEmpty();
    assertThat(Filter.parse("  ").conditions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "name =",
        "name = 'a' OR name = 'b'",
        "name = b",
        "name ~ 'a'",
        "'a' = name",
        "name = 'a",
        "name IN 'a'",
        "name IN ('a'",
        "tags. = 'a'",
        "name IS 'a'",
        "name = 'a' AND"
      })
  void whatCannotBeReadIsRefused(String text) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> assertThat(refused.code()).isEqualTo("INVALID_PARAMETER_VALUE"));
  }

  @Test
  void textsAreCompared() {
    assertThat(text("name LIKE '%ucode-traces'", "/Shared/ucode-traces")).isTrue();
    assertThat(text("name LIKE '%ucode-traces'", "/Shared/UCODE-TRACES")).isFalse();
    assertThat(text("name ILIKE '%ucode-traces'", "/Shared/UCODE-TRACES")).isTrue();
    assertThat(text("name LIKE 'a_c'", "abc")).isTrue();
    assertThat(text("name LIKE 'a.c'", "abc")).isFalse();
    assertThat(text("name = 'a'", null)).isFalse();
    assertThat(text("name != 'a'", null)).isFalse();
    assertThat(text("name IS NULL", null)).isTrue();
    assertThat(text("name RLIKE '^a+$'", "aaa")).isTrue();
    assertThat(text("name NOT IN ('a', 'b')", "c")).isTrue();
  }

  @Test
  void numbersAreComparedAndDaysStandForThem() {
    assertThat(number("t > 10", 11)).isTrue();
    assertThat(number("t > '10'", 9)).isFalse();
    assertThat(number("t >= '2026-01-01'", 1_767_225_600_000L)).isTrue();
    assertThat(number("t < '2026-01-01T00:00:00Z'", 1_767_225_600_000L)).isFalse();
    assertThatThrownBy(() -> number("t = 'x'", 1)).isInstanceOf(ApiException.class);
    assertThatThrownBy(() -> number("t LIKE '1%'", 1)).isInstanceOf(ApiException.class);
  }

  private static boolean text(String filter, @Nullable String value) {
    return Filter.parse(filter).conditions().getFirst().test(value);
  }

  private static boolean number(String filter, long value) {
    return Filter.parse(filter).conditions().getFirst().test(value);
  }
}
