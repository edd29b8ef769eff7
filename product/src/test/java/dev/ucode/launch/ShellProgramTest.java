package dev.ucode.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.agent.EnvValue;
import dev.ucode.agent.LaunchPlan;
import dev.ucode.config.ChangeSet;
import dev.ucode.name.AgentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShellProgramTest {
  @Test
  void isAnExecOfQuotedWords() {
    Map<String, EnvValue> environment = new LinkedHashMap<>();
    environment.put("A_B", new EnvValue.Plain("it's $HOME"));
    environment.put("GONE", new EnvValue.Unset());
    environment.put("KEY", new EnvValue.Secret(() -> "s3cr3t"));
    assertThat(ShellProgram.of(plan(List.of("-p", "a 'b' `c`", ""), environment)))
        .isEqualTo(
            """
            A_B='it'\\''s $HOME'; export A_B
            unset GONE
            KEY='s3cr3t'; export KEY
            exec '/bin/printf' '-p' 'a '\\''b'\\'' `c`' ''
            """);
  }

  @Test
  void aShellUnderstandsItWordForWord() throws Exception {
    List<String> words =
        List.of("%s|", "a b", "", "'", "\"$(id)\"", "x\ny\n", "\\n", "grüße 日本", "-e", "*", "~");
    String program = ShellProgram.of(plan(words, Map.of("V", new EnvValue.Plain("a\n'$b"))));
    String expected = String.join("|", words.subList(1, words.size())) + "|";
    assertThat(run(program)).isEqualTo(expected);
  }

  @Test
  void whatNoShellCouldCarryIsRefused() {
    assertThatThrownBy(() -> ShellProgram.of(plan(List.of("a\0b"), Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> ShellProgram.of(plan(List.of(), Map.of("A=B", new EnvValue.Plain("")))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String run(String program) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", "p=$1; eval \"$p\"", "sh", program).start();
    shell.getOutputStream().close();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return out;
  }

  private static LaunchPlan plan(List<String> args, Map<String, EnvValue> environment) {
    return new LaunchPlan(
        AgentId.CLAUDE,
        Path.of("/bin/printf"),
        args,
        environment,
        ChangeSet.NONE,
        LaunchPlan.Handover.EXEC,
        List.of());
  }
}
