package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopAtTest {
  @TempDir Path folder;
  private final Map<String, String> variables = new HashMap<>();

  @Test
  void nobodyTakesNoticeUnlessAskedTo() {
    assertThat(steps()).isSameAs(Steps.UNWATCHED);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "1, 1", "b, 2", "b:2, 4", "c.d, 5"})
  void endsAtTheStepByNumberOrName(String at, int ended) {
    variables.put("UCODE_STOP_AT", at);
    Steps steps = steps();
    String[] names = {"a", "b", "a", "b", "c.d", "e"};
    for (int i = 0; i < ended - 1; i++) {
      steps.reached(names[i]);
    }
    assertThatThrownBy(() -> steps.reached(names[ended - 1])).hasMessage("the end");
  }

  @Test
  void whatIsNeverReachedNeverEnds() {
    variables.put("UCODE_STOP_AT", "b:3");
    Steps steps = steps();
    for (String name : new String[] {"b", "b", "a"}) {
      steps.reached(name);
    }
    assertThatThrownBy(() -> steps.reached("b")).hasMessage("the end");
  }

  @Test
  void stepsAreRecordedBeforeTheEnd() {
    Path file = folder.resolve("steps");
    variables.put("UCODE_STEPS", file.toString());
    variables.put("UCODE_STOP_AT", "2");
    Steps steps = steps();
    steps.reached("a");
    assertThatThrownBy(() -> steps.reached("b")).hasMessage("the end");
    assertThat(file).hasContent("a\nb\n");
  }

  private Steps steps() {
    return StopAt.of(
        new Environment() {
          @Override
          public @Nullable String get(String name) {
            return variables.get(name);
          }

          @Override
          public Path home() {
            return folder;
          }

          @Override
          public Path workingDirectory() {
            return folder;
          }
        },
        () -> {
          throw new IllegalStateException("the end");
        });
  }
}
