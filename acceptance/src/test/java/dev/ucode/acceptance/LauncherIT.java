package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher script under every shell, with a Java that is a script of the test's. */
class LauncherIT {
  /** Shows how it was started, and what it inherited. */
  private static final String SHOWS_ITS_ARGUMENTS =
      """
      for word in "$@"; do printf '<%s>\\n' "$word"; done
      """;

  /** Hands over to what the test's variable PLAN says. */
  private static final String PLANS =
      """
      printf '%s' "$PLAN" > /dev/fd/3
      exit "${PLAN_CODE:-0}"
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path temp;

  static Stream<List<String>> shells() {
    return Scripts.shells();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void javaIsToldWhereItLives(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, SHOWS_ITS_ARGUMENTS);
    Files.createDirectories(temp.resolve("links/deep"));
    Path absolute =
        Files.createSymbolicLink(temp.resolve("links/ucode"), home.resolve("bin/ucode"));
    Path relative = Files.createSymbolicLink(temp.resolve("links/deep/ucode"), Path.of("../ucode"));

    for (Path start : List.of(home.resolve("bin/ucode"), absolute, relative)) {
      Run.Result result = Run.of(shell, start, "status", "a b", "").run();
      assertThat(result.code()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(result.out())
          .contains("<-Ducode.home=" + home.toRealPath() + ">")
          .contains("<-Dorg.sqlite.lib.path=" + home.toRealPath() + "/lib/native>")
          .endsWith("<dev.ucode.Main>\n<status>\n<a b>\n<>\n");
    }
    Run.Result fromInside = Run.of(shell, "ucode").in(home.resolve("bin")).run();
    assertThat(fromInside.out()).contains("<-Ducode.home=" + home.toRealPath() + ">");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theSandboxAndTheWorkerAreTheirOwnPrograms(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, SHOWS_ITS_ARGUMENTS);
    String sandbox = Run.of(shell, home.resolve("bin/ucode"), "sandbox", "start").run().out();
    assertThat(sandbox)
        .contains("/lib/sandbox/ucode-sandbox-")
        .doesNotContain("/lib/ucode-0")
        .endsWith("<dev.ucode.sandbox.Main>\n<start>\n");
    String drain = Run.of(shell, home.resolve("bin/ucode"), "drain").run().out();
    assertThat(drain)
        .contains("<-Xmx256m>")
        .doesNotContain("/lib/sandbox")
        .endsWith("<dev.ucode.Main>\n<drain>\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theAgentTakesTheTerminalAndTheProcess(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, PLANS);
    String agent =
        """
        read -r line
        echo "pid $$ read $line"
        echo "to stderr" >&2
        for fd in 3 4; do
          if [ -e "/proc/$$/fd/$fd" ]; then echo "descriptor $fd is open"; fi
        done
        kill -TERM $$
        """;
    Run.Result result =
        Run.of(shell, home.resolve("bin/ucode"), "claude")
            .with("PLAN", "exec sh -c " + Scripts.quoted(agent))
            .input(Run.bytes("from the terminal\n"))
            .run();
    assertThat(result.out()).isEqualTo("pid " + result.pid() + " read from the terminal\n");
    assertThat(result.err()).isEqualTo("to stderr\n");
    assertThat(result.code()).as("death by TERM").isEqualTo(128 + 15);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void javaHasTheTerminalWhileItPlans(List<String> shell) throws Exception {
    Path home =
        Dist.withFakeJava(
            temp,
            """
            read -r answer
            echo "out: $answer"
            echo "err: $answer" >&2
            exit 7
            """);
    for (String agent :
        List.of("claude", "codex", "gemini", "opencode", "copilot", "pi", "cursor")) {
      Run.Result result =
          Run.of(shell, home.resolve("bin/ucode"), agent).input(Run.bytes("yes\n")).run();
      assertThat(result)
          .extracting(Run.Result::code, Run.Result::out, Run.Result::err)
          .containsExactly(7, "out: yes\n", "err: yes\n");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void wordsOfAPlanArriveAsTheyAre(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, PLANS);
    List<String> words =
        List.of(
            "it's", "two\nlines\n", "$HOME `id` \\n \"q\"", "", "*", "ümläut 漢字", "-n", "a'\\''b");
    var plan = new StringBuilder("A_VARIABLE='of the plan' exec sh -c ");
    plan.append(Scripts.quoted("printf '<%s>' \"$A_VARIABLE\" \"$@\"")).append(" sh");
    words.forEach(word -> plan.append(' ').append(Scripts.quoted(word)));

    Run.Result result = Run.of(shell, home.resolve("bin/ucode"), "claude").with("PLAN", plan).run();

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("<of the plan><" + String.join("><", words) + ">");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aPlanOfAJavaThatFailedIsNotFollowed(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, PLANS);
    Run.Result failed =
        Run.of(shell, home.resolve("bin/ucode"), "claude")
            .with("PLAN", "echo followed; exit 0")
            .with("PLAN_CODE", 2)
            .run();
    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.out()).isEmpty();

    Run.Result noPlan = Run.of(shell, home.resolve("bin/ucode"), "claude").with("PLAN", "").run();
    assertThat(noPlan.code()).isZero();
    assertThat(noPlan.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void anAgentThatCannotStartIsSaid(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, PLANS);
    Run.Result missing =
        Run.of(shell, home.resolve("bin/ucode"), "claude")
            .with("PLAN", "exec '/nonexistent/claude'")
            .run();
    assertThat(missing.code()).isEqualTo(127);
    assertThat(missing.err()).contains("/nonexistent/claude");
  }

  /** Our variables, the JVM's settings and the locale are between us and Java. */
  @ParameterizedTest
  @MethodSource("shells")
  void theAgentInheritsThePersonsEnvironment(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, "env | sort > \"$UCODE_HOME/java.env\"\n" + PLANS);
    Path person = Files.createDirectories(temp.resolve("person"));
    Run run =
        Run.of(shell, home.resolve("bin/ucode"), "claude")
            .with("PLAN", "exec sh -c 'env | sort'")
            .with("UCODE_HOME", person)
            .with("JAVA_TOOL_OPTIONS", "-Xmx8g")
            .with("JDK_JAVA_OPTIONS", "-ea")
            .with("_JAVA_OPTIONS", "-Xss8m")
            .with("CLASSPATH", "/theirs")
            .with("LANG", "C")
            .without("LC_ALL")
            .without("LC_CTYPE");
    for (String name :
        List.of("home", "self", "target", "cache", "jar", "code", "program", "path", "java")) {
      run.with(name, "theirs");
    }
    Run.Result result = run.run();
    assertThat(result.out().lines())
        .contains(
            "JAVA_TOOL_OPTIONS=-Xmx8g",
            "JDK_JAVA_OPTIONS=-ea",
            "_JAVA_OPTIONS=-Xss8m",
            "CLASSPATH=/theirs",
            "LANG=C",
            "home=theirs",
            "self=theirs",
            "target=theirs",
            "cache=theirs",
            "jar=theirs",
            "code=theirs",
            "program=theirs",
            "path=theirs",
            "java=theirs")
        .noneMatch(line -> line.startsWith("_u_") || line.startsWith("LC_ALL="));
    assertThat(Files.readAllLines(person.resolve("java.env")))
        .contains("LC_ALL=C.UTF-8")
        .noneMatch(line -> line.matches("(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS=.*|CLASSPATH=.*"));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aUtf8LocaleIsLeftAlone(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, "env | grep -E '^(LC_|LANG)' | sort");
    String seen =
        Run.of(shell, home.resolve("bin/ucode"), "status")
            .without("LC_ALL")
            .without("LC_CTYPE")
            .with("LANG", "de_DE.utf8")
            .run()
            .out();
    assertThat(seen).isEqualTo("LANG=de_DE.utf8\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aJarOfAnotherTimeThanTheCacheMeansNoCache(List<String> shell) throws Exception {
    Path home = Dist.withFakeJava(temp, SHOWS_ITS_ARGUMENTS);
    Path lib = Files.createDirectories(home.resolve("lib"));
    Instant made = Instant.parse("2026-01-01T00:00:00Z");
    try (Stream<Path> files = Files.list(Dist.home().resolve("lib"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        touch(lib.resolve(file.getFileName()), made);
      }
    }
    String cache = "<-XX:AOTCache=" + home.toRealPath() + "/lib/ucode.aot>";
    assertThat(status(shell, home)).contains(cache);
    try (Stream<Path> files = Files.list(lib)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        for (int seconds : new int[] {1, -1}) {
          touch(jar, made.plusSeconds(seconds));
          assertThat(status(shell, home)).as("with another %s", jar).doesNotContain("AOTCache");
        }
        touch(jar, made);
      }
    }
    assertThat(status(shell, home)).contains(cache);
    Files.delete(lib.resolve("ucode.aot"));
    assertThat(status(shell, home)).doesNotContain("AOTCache");
  }

  private static String status(List<String> shell, Path home) throws Exception {
    return Run.of(shell, home.resolve("bin/ucode"), "status").run().out();
  }

  private static void touch(Path file, Instant time) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(time));
  }
}
