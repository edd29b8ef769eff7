package dev.ucode.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.problem.Exit;
import dev.ucode.problem.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchRequestTest {
  @Test
  void whatIsNotOursGoesToTheAgentInItsOrder() {
    assertThat(parse("-r").agentArgs()).containsExactly("-r");
    assertThat(parse().agentArgs()).isEmpty();
    assertThat(
            parse("-p", "hello there", "--output-format", "json", "--permission-mode=plan", "x")
                .agentArgs())
        .containsExactly(
            "-p", "hello there", "--output-format", "json", "--permission-mode=plan", "x");
  }

  @Test
  void oursMayStandAnywhere() {
    LaunchRequest request =
        parse("-p", "--workspace", "https://a.test", "hi", "--model=m1", "--skip-preflight", "-c");
    assertThat(request.workspace()).isEqualTo("https://a.test");
    assertThat(request.model()).isEqualTo("m1");
    assertThat(request.skipPreflight()).isTrue();
    assertThat(request.agentArgs()).containsExactly("-p", "hi", "-c");
  }

  @Test
  void theFirstDoubleDashGoesAndTheRestIsVerbatim() {
    LaunchRequest request =
        parse("--dry-run", "-v", "--", "--workspace", "x", "--help", "--", "--model");
    assertThat(request.agentArgs())
        .containsExactly("-v", "--workspace", "x", "--help", "--", "--model");
    assertThat(request.workspace()).isNull();
    assertThat(request.help()).isFalse();
    assertThat(request.dryRun()).isTrue();
  }

  @Test
  void helpBeforeTheDoubleDashIsOurs() {
    assertThat(parse("--help").help()).isTrue();
    assertThat(parse("-p", "-h").help()).isTrue();
  }

  @Test
  void aMissingValueIsWrongUsage() {
    for (List<String> words :
        List.of(
            List.of("--workspace"),
            List.of("--model", "--", "x"),
            List.of("--workspace="),
            List.of("--model", ""))) {
      assertThatThrownBy(() -> LaunchRequest.parse(words))
          .isInstanceOfSatisfying(
              UserException.class, e -> assertThat(e.problem().exit()).isEqualTo(Exit.USAGE));
    }
  }

  @Test
  void whatIsNotInThisVersionNeverReachesTheAgent() {
    assertThatThrownBy(() -> parse("--provider", "x"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is not in this version");
    assertThatThrownBy(() -> parse("--enable-smart-routing")).isInstanceOf(UserException.class);
    assertThat(parse("--skip-managed-config", "x").agentArgs()).containsExactly("x");
    assertThat(parse("--", "--provider", "x").agentArgs()).containsExactly("--provider", "x");
  }

  private static LaunchRequest parse(String... words) {
    return LaunchRequest.parse(List.of(words));
  }
}
