package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every folder of {@code src/cases}: see the page there. */
class CasesIT {
  private static final Path CASES = Path.of("src/cases").toAbsolutePath();
  private static final boolean UPDATE = System.getProperty("acceptance.update") != null;

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(CASES)) {
      folders = all.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(folders).isNotEmpty();
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
  }

  private static void check(Path folder) throws Exception {
    String actual = run(folder.resolve("script"));
    Path file = folder.resolve("expected");
    if (UPDATE) {
      Files.writeString(file, actual);
      return;
    }
    assertThat(actual)
        .as("%s (-Dacceptance.update writes it)", file)
        .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }

  private static String run(Path script) throws Exception {
    Path temp = Files.createTempDirectory("ucode-case").toRealPath();
    Path home = Files.createDirectories(temp.resolve("home"));
    Path work = Files.createDirectories(temp.resolve("work"));
    try {
      Run.Result result =
          Run.of("sh", "-c", ". \"$1\"; . \"$2\"", "sh", CASES.resolve("prelude.sh"), script)
              .in(work)
              .only(
                  Map.of(
                      "HOME",
                      home.toString(),
                      "PATH",
                      Dist.launcher().resolveSibling("") + ":/usr/bin:/bin",
                      "LANG",
                      "C.UTF-8",
                      "TERM",
                      "dumb",
                      "TMPDIR",
                      temp.toString()))
              .run();
      String version =
          Files.readString(Dist.home().resolve("lib/version")).strip().replaceAll("-.*", "");
      var normal =
          new Normal(
              Map.of(home, "~", work, "<work>", temp, "<temp>", Dist.home(), "<dist>"), version);
      return normal.of(result.out() + (result.err().isEmpty() ? "" : "[stderr]\n" + result.err()));
    } finally {
      endAllOf(home);
      delete(temp);
    }
  }

  /** Ends what a case left running: processes whose home is the case's. */
  private static void endAllOf(Path home) {
    String mark = "HOME=" + home;
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      try {
        String environment =
            Files.readString(
                Path.of("/proc", process.pid() + "", "environ"), StandardCharsets.ISO_8859_1);
        if (List.of(environment.split("\0", -1)).contains(mark)) {
          process.destroyForcibly();
          process.onExit().get(10, TimeUnit.SECONDS);
        }
      } catch (IOException gone) {
        // It ended meanwhile, is somebody else's, or there is no /proc here.
      } catch (Exception e) {
        throw new AssertionError("a process of the case does not end: " + process.pid(), e);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
