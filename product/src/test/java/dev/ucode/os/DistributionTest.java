package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path temp;

  private Path home = Path.of("/nonexistent");

  @BeforeEach
  void install() throws Exception {
    home = temp.toRealPath().resolve("it's lib/ucode/versions/1-a");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolveSibling("0-former"));
    Files.writeString(home.resolve("bin/ucode"), "#!/bin/sh\necho \"$UCODE_HOME\" \"$@\"\n");
    assertThat(home.resolve("bin/ucode").toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theLauncherIsNamedThroughTheLinkThatFollowsUpgrades() throws Exception {
    Path base = temp.toRealPath().resolve("it's lib/ucode");
    assertThat(new Distribution(home).launcher()).isEqualTo(home.resolve("bin/ucode"));

    Files.createSymbolicLink(base.resolve("another"), Path.of("versions/0-former"));
    Files.createSymbolicLink(base.resolve("broken"), Path.of("versions/gone"));
    assertThat(new Distribution(home).launcher()).isEqualTo(home.resolve("bin/ucode"));

    Files.createSymbolicLink(base.resolve("current"), Path.of("versions/1-a"));
    assertThat(new Distribution(home).launcher()).isEqualTo(base.resolve("current/bin/ucode"));
  }

  @Test
  void aFolderThatIsNoVersionIsItself() throws Exception {
    Path plain = Files.createDirectories(temp.resolve("ucode-0.1.0"));
    Files.createSymbolicLink(temp.resolve("current"), plain);
    assertThat(new Distribution(plain).launcher()).isEqualTo(plain.resolve("bin/ucode"));
  }

  @Test
  void theEntryScriptServesItsFolder() throws Exception {
    Folders folders = new Folders(temp.resolve("a person's $HOME/.ucode"));
    Path script = folders.bin().resolve("ucode");
    AtomicFiles.write(
        script,
        new Distribution(home).entryScript(folders).getBytes(StandardCharsets.UTF_8),
        AtomicFiles.PRIVATE_EXECUTABLE);
    var builder = new ProcessBuilder(script.toString(), "a b", "");
    builder.environment().put("UCODE_HOME", "/elsewhere");
    Process process = builder.redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(folders.root() + " a b \n");
    assertThat(process.waitFor()).isZero();
  }
}
