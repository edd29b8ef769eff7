package dev.ucode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.console.Recorded;
import dev.ucode.launch.LaunchRequest;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Exit;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CliTest {
  private final Recorded recorded = Recorded.piped();
  private final List<LaunchRequest> launched = new ArrayList<>();
  private final Features features =
      new FakeFeatures() {
        @Override
        public Exit launch(AgentId agent, LaunchRequest request) {
          assertThat(agent).isEqualTo(AgentId.CLAUDE);
          launched.add(request);
          return Exit.OK;
        }
      };

  @Test
  void withoutWordsItShowsItsHelp() {
    assertThat(run()).isEqualTo(Exit.OK);
    assertThat(recorded.out()).contains("Usage").contains("ucode demo").contains("sandbox");
    assertThat(recorded.err()).isEmpty();
  }

  @Test
  void theVersionIsPlain() {
    assertThat(run("--version")).isEqualTo(Exit.OK);
    assertThat(recorded.out()).isEqualTo("1.2.3\n");
  }

  @Test
  void anUnknownCommandIsWrongUsageWithASuggestion() {
    assertThat(run("cluade")).isEqualTo(Exit.USAGE);
    assertThat(recorded.err())
        .isEqualTo("ucode: there is no command 'cluade'\n  fix: did you mean: ucode claude\n");
    assertThat(recorded.out()).isEmpty();
  }

  @Test
  void whatIsNotInThisVersionSaysSo() {
    assertThat(run("codex", "--full-auto")).isEqualTo(Exit.USAGE);
    assertThat(recorded.err()).contains("launching Codex is not in this version");
  }

  @Test
  void anAgentsWordsReachTheLauncher() {
    assertThat(run("claude", "-p", "hi", "--", "--help")).isEqualTo(Exit.OK);
    assertThat(launched).hasSize(1);
    assertThat(launched.getFirst().agentArgs()).containsExactly("-p", "hi", "--help");
  }

  @Test
  void helpOfTheLauncherIsOurs() {
    assertThat(run("claude", "--help")).isEqualTo(Exit.OK);
    assertThat(run("help", "claude")).isEqualTo(Exit.OK);
    assertThat(recorded.out()).contains("ucode claude -- --help");
    assertThat(launched).isEmpty();
  }

  private Exit run(String... words) {
    return new Cli(recorded.console(), "1.2.3", features, ZoneOffset.UTC).run(List.of(words));
  }
}
