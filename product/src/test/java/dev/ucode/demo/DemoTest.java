package dev.ucode.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.os.OverlaidEnvironment;
import dev.ucode.os.Programs;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final Path UCODE = Path.of("/opt/ucode/bin/ucode");

  @TempDir Path home;
  private final List<String> ran = new ArrayList<>();
  private final List<Map<String, String>> environments = new ArrayList<>();
  private @Nullable Path claude = Path.of("/usr/bin/claude");
  private int configureExit;

  @Test
  void everyStepIsACommandInAHomeOfItsOwn() throws IOException {
    demo().run();
    assertThat(ran)
        .containsExactly(
            "sandbox start --name demo --json",
            "configure --profiles demo --agents claude --tracing --skip-validate",
            ran.getLast());
    assertThat(ran.getLast()).startsWith("claude -p SCN:demo ");
    Path folder = home.resolve("demo");
    assertThat(environments)
        .allSatisfy(
            variables -> {
              assertThat(variables)
                  .containsEntry("HOME", folder.resolve("home").toString())
                  .containsEntry("UCODE_HOME", folder.resolve("ucode").toString())
                  .containsEntry("CLAUDE_CONFIG_DIR", folder.resolve("claude").toString())
                  .containsEntry("ANTHROPIC_API_KEY", "")
                  .containsEntry("DATABRICKS_TOKEN", "");
              assertThat(variables.get("PATH")).endsWith(":/usr/bin");
            });
    Path profile = folder.resolve("home/.databrickscfg");
    assertThat(Files.readString(profile)).contains("host = http://127.0.0.1:1", "token = dapi1");
    assertThat(Files.getPosixFilePermissions(profile)).isEqualTo(AtomicFiles.PRIVATE);
    assertThat(ran.toString()).doesNotContain("dapi1");
  }

  @Test
  void aSecondDemoStartsAnewButKeepsWhatWasDownloaded() throws IOException {
    Path old = home.resolve("demo/ucode/old");
    Files.createDirectories(old);
    Files.createDirectories(home.resolve("demo/sandbox"));
    Path downloaded = Files.createDirectories(home.resolve("demo/npm/node_modules"));
    demo().run();
    assertThat(ran.getFirst()).isEqualTo("sandbox stop --name demo");
    assertThat(old).doesNotExist();
    assertThat(downloaded).exists();
  }

  @Test
  void withoutClaudeAndNpmItSaysWhatToInstall() {
    claude = null;
    assertThatThrownBy(() -> demo().run())
        .isInstanceOfSatisfying(
            UserException.class,
            e -> assertThat(e.problem().fix().toString()).contains("install Node.js"));
  }

  @Test
  void aStepThatFailsSaysWhichAndWhy() {
    configureExit = 1;
    assertThatThrownBy(() -> demo().run())
        .isInstanceOfSatisfying(
            UserException.class,
            e -> {
              assertThat(e.problem().what()).contains("ucode configure");
              assertThat(e.problem().why()).isEqualTo("no luck");
            });
  }

  @Test
  void anOverlaidVariableOfNothingCountsAsUnset() {
    FakeEnvironment env = new FakeEnvironment(home).set("A", "1").set("B", "2");
    OverlaidEnvironment overlaid =
        new OverlaidEnvironment(env, Map.of("A", "", "HOME", "/h"), Path.of("/w"));
    assertThat(overlaid.get("A")).isNull();
    assertThat(overlaid.get("B")).isEqualTo("2");
    assertThat(overlaid.home()).isEqualTo(Path.of("/h"));
    assertThat(overlaid.workingDirectory()).isEqualTo(Path.of("/w"));
  }

  private Demo demo() {
    FakeEnvironment env = new FakeEnvironment(home).set("PATH", "/usr/bin");
    return new Demo(env, new Machine(), UCODE, home.resolve("demo"), new SilentGuide());
  }

  private final class Machine implements Programs {
    @Override
    public @Nullable Path find(String name) {
      return name.equals("claude") ? claude : null;
    }

    @Override
    public Outcome run(
        List<String> command, Map<String, String> environment, Path folder, Duration patience) {
      assertThat(command.getFirst()).isEqualTo(UCODE.toString());
      ran.add(String.join(" ", command.subList(1, command.size())));
      environments.add(environment);
      return switch (command.get(1)) {
        case "sandbox" ->
            new Outcome(0, "{\"url\":\"http://127.0.0.1:1\",\"token\":\"dapi1\"}", "");
        case "configure" -> new Outcome(configureExit, "done", configureExit == 0 ? "" : "no luck");
        case "claude" -> new Outcome(0, "answer", "");
        default -> throw new AssertionError("unexpected: " + command);
      };
    }
  }

  private static final class SilentGuide implements Demo.Guide {
    @Override
    public void step(String what) {}

    @Override
    public void command(String line) {}

    @Override
    public void printed(String text) {}
  }
}
