package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ucode install}, under every shell, with small folders that stand for distributions. */
class InstallIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path temp;

  static Stream<List<String>> shells() {
    return Scripts.shells();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aVersionIsCopiedLinkedAndTheFormerKept(List<String> shell) throws Exception {
    Path prefix = temp.resolve("a prefix");
    for (String version : List.of("1-a", "2-b", "3-c", "3-c")) {
      Run.Result installed = install(shell, distribution(version), "--prefix", prefix.toString());
      assertThat(installed.err()).isEmpty();
      assertThat(installed.code()).isZero();
      assertThat(installed.out()).startsWith("installed ucode " + version + ": " + prefix);
      Run.Result run = Run.of(prefix.resolve("bin/ucode")).run();
      assertThat(run.out()).isEqualTo("this is " + version + "\n");
    }
    assertThat(names(prefix.resolve("lib/ucode"))).containsExactly("current", "versions");
    assertThat(names(prefix.resolve("lib/ucode/versions"))).containsExactly("2-b", "3-c");
    assertThat(Files.readSymbolicLink(prefix.resolve("bin/ucode")))
        .as("so that the prefix can be moved")
        .isEqualTo(Path.of("../lib/ucode/current/bin/ucode"));

    Path moved = Files.move(prefix, temp.resolve("moved"));
    assertThat(Run.of(moved.resolve("bin/ucode")).run().out()).isEqualTo("this is 3-c\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theDefaultIsTheHomesLocal(List<String> shell) throws Exception {
    Run.Result installed = install(shell, distribution("1-a"));
    assertThat(installed.out()).contains("/.local/bin is not on your PATH");
    assertThat(Run.of(temp.resolve("home/.local/bin/ucode")).run().out())
        .isEqualTo("this is 1-a\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatIsNotOursStays(List<String> shell) throws Exception {
    Path theirs = temp.resolve("home/.local/bin/ucode");
    Files.createDirectories(theirs.resolveSibling(""));
    Files.writeString(theirs, "another program");
    Run.Result refused = install(shell, distribution("1-a"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(theirs + " is in the way");
    assertThat(theirs).hasContent("another program");

    Run.Result wrong = install(shell, distribution("1-a"), "--perfix", "x");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--perfix");
  }

  /** Something that runs the program all the time never finds it missing. */
  @ParameterizedTest
  @MethodSource("shells")
  void thereIsNoMomentWithoutIt(List<String> shell) throws Exception {
    Path one = distribution("1-a");
    Path two = distribution("2-b");
    install(shell, one);
    Path stop = temp.resolve("stop");
    Process caller =
        Run.of(
                "sh",
                "-c",
                """
                n=0
                while [ ! -e "$2" ]; do
                  "$1" > /dev/null || { echo "missing after $n"; exit 1; }
                  n=$((n + 1))
                done
                """,
                "sh",
                temp.resolve("home/.local/bin/ucode"),
                stop)
            .start();
    for (int i = 0; i < 5; i++) {
      install(shell, two);
      install(shell, one);
    }
    Files.createFile(stop);
    assertThat(caller.waitFor())
        .as(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }

  private Run.Result install(List<String> shell, Path distribution, String... arguments)
      throws Exception {
    return Run.of(shell, Dist.root().resolve("build/install"), distribution)
        .words(List.of(arguments))
        .with("HOME", temp.resolve("home"))
        .run();
  }

  private Path distribution(String version) throws Exception {
    Path folder = temp.resolve("built " + version);
    if (!Files.exists(folder)) {
      Scripts.write(folder.resolve("bin/ucode"), "echo 'this is " + version + "'\n");
      Files.createDirectories(folder.resolve("lib"));
      Files.writeString(folder.resolve("lib/version"), version + "\n");
    }
    return folder;
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
