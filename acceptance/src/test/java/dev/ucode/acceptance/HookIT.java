package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hook script as agents run it, under every shell. */
class HookIT {
  /** It ends only when told to, so that a test sees what it inherited. */
  private static final String WORKER =
      """
      seen=$UCODE_HOME/worker-$$
      ls -l /proc/$$/fd > "$seen.fds" 2> /dev/null
      {
        printf '%s\n%s\n' "$*" "$PWD"
        sed -n 's/.* \\([0-9]* -> .*\\)/fd \\1/p' "$seen.fds"
        grep '^Sig' /proc/self/status
      } > "$seen.tmp" 2> /dev/null
      mv "$seen.tmp" "$seen"
      exec sleep 60
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path temp;

  private Path home = Path.of("/nonexistent");

  static Stream<List<String>> shells() {
    return Scripts.shells();
  }

  @BeforeEach
  void install() throws IOException {
    home = temp.resolve("a person's home/.ucode");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Dist.hook(), home.resolve("bin/hook"));
    Scripts.write(home.resolve("bin/ucode"), WORKER);
    Files.createDirectories(home.resolve("spool"));
  }

  @AfterEach
  void endWorkers() throws IOException {
    for (long pid : workers()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theEventBecomesAPrivateFile(List<String> shell) throws Exception {
    aWorkerRuns();
    byte[] event = Run.bytes("{\"hook_event_name\":\"Stop\"}\n");

    Run.Result result = hook(shell).input(event).run();

    silent(result);
    Path file = only(inbox());
    assertThat(file).hasBinaryContent(event);
    assertThat(file.getFileName().toString()).matches("claude\\.uc\\.\\d+\\.\\d+\\.0\\.json");
    assertThat(file.getFileName().toString().split("\\.", -1)[3])
        .as("the agent's process id")
        .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(workers()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void anyPayloadArrivesAsItIs(List<String> shell) throws Exception {
    aWorkerRuns();
    byte[] large = new byte[300_000];
    new Random(1).nextBytes(large); // NUL bytes, broken UTF-8, no line end
    List<byte[]> payloads = List.of(new byte[0], Run.bytes("no line end"), new byte[1], large);
    for (byte[] payload : payloads) {
      silent(hook(shell).input(payload).run());
    }
    List<byte[]> arrived = new ArrayList<>();
    for (Path file : inbox()) {
      arrived.add(Files.readAllBytes(file));
    }
    assertThat(arrived)
        .usingElementComparator(Arrays::compare)
        .containsExactlyInAnyOrderElementsOf(payloads);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void tenAtOnceAreTenEvents(List<String> shell) throws Exception {
    aWorkerRuns();
    List<Process> hooks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      hooks.add(hook(shell).start());
    }
    for (int i = 0; i < 10; i++) {
      try (var stdin = hooks.get(i).getOutputStream()) {
        stdin.write(Run.bytes("event " + i));
      }
    }
    for (Process hook : hooks) {
      assertThat(hook.waitFor()).isZero();
    }
    List<String> events = new ArrayList<>();
    for (Path file : inbox()) {
      events.add(Files.readString(file));
    }
    assertThat(events)
        .containsExactlyInAnyOrder(
            "event 0", "event 1", "event 2", "event 3", "event 4", "event 5", "event 6", "event 7",
            "event 8", "event 9");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void withoutAWorkerItStartsOneThatIsOnItsOwn(List<String> shell) throws Exception {
    silent(hook(shell).input(Run.bytes("event")).run());

    Run.await("a worker started", () -> workers().size() == 1);
    String seen = Files.readString(home.resolve("worker-" + workers().getFirst()));
    assertThat(seen).startsWith("drain\n" + home.toRealPath() + "\n");
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertThat(seen).contains("fd 0 -> /dev/null", "fd 2 -> /dev/null");
      assertThat(seen.lines().filter(line -> line.startsWith("fd ") && line.contains("pipe:")))
          .as("pipes of the agent")
          .isEmpty();
      assertThat(session(workers().getFirst())).as("its session").isNotEqualTo(session("self"));
      assertThat(Long.parseLong(after(seen, "SigIgn:"), 16) & 0x4001)
          .as("HUP and TERM ignored")
          .isZero();
      assertThat(Long.parseLong(after(seen, "SigBlk:"), 16)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void withoutSetsidTheWorkerStartsToo(List<String> shell) throws Exception {
    Path tools = Files.createDirectories(temp.resolve("tools"));
    for (String tool : List.of("cat", "mv", "rm", "mkdir", "sleep", "sed", "ls", "grep")) {
      Scripts.write(tools.resolve(tool), "exec " + which(tool) + " \"$@\"\n");
    }
    Path interpreter = which(shell.getFirst());
    List<String> absolute = new ArrayList<>(shell);
    absolute.set(0, interpreter.toString());

    silent(hook(absolute).with("PATH", tools).input(Run.bytes("event")).run());

    assertThat(only(inbox())).hasContent("event");
    Run.await("a worker started", () -> workers().size() == 1);
    String seen = Files.readString(home.resolve("worker-" + workers().getFirst()));
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertThat(Long.parseLong(after(seen, "SigIgn:"), 16) & 0x1).as("HUP ignored").isOne();
      assertThat(Long.parseLong(after(seen, "SigIgn:"), 16) & 0x4000).as("TERM ignored").isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aHintOfADeadWorkerIsNoWorker(List<String> shell) throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    for (String hint : List.of(dead.pid() + "\n", "", "nonsense\n", "-1\n", "0\n")) {
      endWorkers();
      try (Stream<Path> marks = Files.list(home)) {
        for (Path mark :
            marks.filter(m -> m.getFileName().toString().startsWith("worker-")).toList()) {
          Files.delete(mark);
        }
      }
      Files.writeString(home.resolve("spool/worker.pid"), hint);
      silent(hook(shell).input(Run.bytes("event")).run());
      Run.await("a worker started in spite of the hint '" + hint + "'", () -> !workers().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void wakeStartsAWorkerWhateverTheHintSays(List<String> shell) throws Exception {
    aWorkerRuns();
    silent(Run.of(shell, home.resolve("bin/hook"), "claude", "uc", "wake").run());
    Run.await("a worker started", () -> workers().size() == 1);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aSignalInTheMiddleLosesNothing(List<String> shell) throws Exception {
    aWorkerRuns();
    for (String signal : List.of("TERM", "HUP", "INT")) {
      Process hook = hook(shell).start();
      try (var stdin = hook.getOutputStream()) {
        stdin.write(Run.bytes("before "));
        stdin.flush();
        Run.await(
            "the hook reads",
            () ->
                files().stream()
                    .anyMatch(file -> file.toString().endsWith(".part") && size(file) == 7));
        assertThat(Run.of("kill", "-" + signal, hook.pid()).run().code()).isZero();
        hook.descendants().forEach(child -> kill(signal, child.pid()));
        stdin.write(Run.bytes("after"));
      }
      assertThat(hook.waitFor()).isZero();
      Path file = only(inbox());
      assertThat(file).hasContent("before after");
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theHomeIsWhereTheScriptLies(List<String> shell) throws Exception {
    aWorkerRuns();
    silent(
        hook(shell)
            .with("UCODE_HOME", "/elsewhere")
            .without("HOME")
            .input(Run.bytes("event"))
            .run());
    assertThat(only(inbox())).hasContent("event");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void nothingIsStoredUnderANameThatIsNone(List<String> shell) throws Exception {
    aWorkerRuns();
    for (List<String> arguments :
        List.of(
            List.<String>of(), List.of("claude"), List.of("../x", "uc"), List.of("a b", "uc"))) {
      silent(Run.of(shell, home.resolve("bin/hook")).words(arguments).input(Run.bytes("x")).run());
    }
    assertThat(files()).isEmpty();
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aHomeThatCannotBeWrittenIsLeftQuietly(List<String> shell) throws Exception {
    aWorkerRuns();
    Files.createDirectories(home.resolve("spool/inbox"));
    boolean root = "root".equals(System.getProperty("user.name"));
    if (root) {
      assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "SKIPPED: root without setpriv(1)");
      // Root may write everywhere, so become somebody who may not.
      for (Path folder :
          List.of(
              temp,
              home.getParent(),
              home,
              home.resolve("bin"),
              home.resolve("spool"),
              home.resolve("spool/inbox"))) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } else {
      Files.setPosixFilePermissions(
          home.resolve("spool/inbox"), PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    List<String> words = new ArrayList<>();
    if (root) {
      words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    words.addAll(shell);
    silent(Run.of(words, home.resolve("bin/hook"), "claude", "uc").input(Run.bytes("event")).run());
    assertThat(files()).isEmpty();
    if (!root) {
      Files.setPosixFilePermissions(
          home.resolve("spool/inbox"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aFullDiskLeavesNoHalfEvent(List<String> shell) throws Exception {
    aWorkerRuns();
    Path inbox = Files.createDirectories(home.resolve("spool/inbox"));
    Run.Result mounted = Run.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", inbox).run();
    assumeTrue(mounted.code() == 0, "SKIPPED: no small tmpfs without root: " + mounted.err());
    try {
      silent(hook(shell).input(new byte[300_000]).run());
      assertThat(files()).isEmpty();
      silent(hook(shell).input(Run.bytes("small")).run());
      assertThat(only(inbox())).hasContent("small");
    } finally {
      assertThat(Run.of("umount", inbox).run().code()).isZero();
    }
  }

  private Run hook(List<String> shell) {
    return Run.of(shell, home.resolve("bin/hook"), "claude", "uc");
  }

  private static void silent(Run.Result result) {
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEmpty();
  }

  /** This JVM stands in for a worker: it is a process that lives. */
  private void aWorkerRuns() throws IOException {
    Files.writeString(home.resolve("spool/worker.pid"), ProcessHandle.current().pid() + "\n");
  }

  private List<Path> inbox() {
    return files().stream().filter(file -> file.toString().endsWith(".json")).toList();
  }

  private List<Path> files() {
    Path inbox = home.resolve("spool/inbox");
    if (!Files.isDirectory(inbox)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(inbox)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path only(List<Path> files) {
    assertThat(files).hasSize(1);
    return files.getFirst();
  }

  /** Process ids of the workers that have said what they inherited. */
  private List<Long> workers() {
    try (Stream<Path> files = Files.list(home)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("worker-\\d+"))
          .map(name -> Long.valueOf(name.substring("worker-".length())))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String session(Object pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
  }

  private static String after(String text, String label) {
    return text.lines()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static Path which(String tool) {
    return Stream.of("/usr/bin/", "/bin/")
        .map(folder -> Path.of(folder + tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return -1;
    }
  }

  private static void kill(String signal, long pid) {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
