package dev.ucode.acceptance.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Somebody with a home of their own, who has the distribution and one agent on the PATH. */
final class Person implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  /**
   * Makes the home and a work folder beside it.
   *
   * @param folder an empty folder
   * @param agent the agent's binary; its folder goes on the PATH
   */
  public Person(Path folder, Dist dist, Path agent) {
    try {
      this.folder = Files.createDirectories(folder).toRealPath();
      for (Path made : List.of(home(), work(), this.folder.resolve("tmp"))) {
        Files.createDirectories(made);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("HOME", home().toString());
    environment.put("TMPDIR", this.folder.resolve("tmp").toString());
    environment.put(
        "PATH",
        dist.ucode().getParent() + ":" + agent.getParent() + ":/usr/local/bin:/usr/bin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("TERM", "xterm-256color");
    environment.put("SHELL", "/bin/sh");
    // Claude Code refuses to skip its permission prompts as root unless it is told that it is boxed
    // in.
    environment.put("IS_SANDBOX", "1");
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", "2");
  }

  /** The home folder. */
  public Path home() {
    return folder.resolve("home");
  }

  /** Where the agent works. */
  public Path work() {
    return folder.resolve("work");
  }

  /** The environment, to be added to. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Signs in to the sandbox by a profile in {@code ~/.databrickscfg}. */
  public Person signedIn(Sandbox sandbox) {
    write(
        ".databrickscfg",
        "[sandbox]\nhost = " + sandbox.url() + "\ntoken = " + sandbox.token() + "\n");
    try {
      Files.setPosixFilePermissions(
          home().resolve(".databrickscfg"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Runs {@code ucode configure} for Claude with tracing, by the profile of the sandbox. */
  public Person configured(String... more) {
    List<String> words =
        new ArrayList<>(List.of("configure", "--agents", "claude", "--profiles", "sandbox"));
    words.addAll(List.of("--tracing", "--skip-validate"));
    words.addAll(List.of(more));
    ucode(words.toArray(String[]::new)).expect(0);
    return this;
  }

  /** Runs {@code ucode} to its end. */
  public Program.Ended ucode(String... words) {
    return start(words).ended(PATIENCE);
  }

  /** Starts {@code ucode} in the work folder. */
  public Program start(String... words) {
    return startIn(work(), words);
  }

  private Program startIn(Path place, String... words) {
    List<String> all = new ArrayList<>(List.of("/usr/bin/env", "ucode"));
    all.addAll(List.of(words));
    return Program.start(all, place, environment);
  }

  /** Starts any program in the work folder with this person's environment. */
  public Program run(List<String> words) {
    // The PATH that counts is the person's, so the lookup is left to env(1).
    List<String> all = new ArrayList<>(List.of("/usr/bin/env"));
    all.addAll(words);
    return Program.start(all, work(), environment);
  }

  /** Starts a headless turn of Claude through the launcher. */
  public Program claude(String prompt, String... more) {
    return claudeIn(work(), prompt, more);
  }

  /** Starts a headless turn of Claude in a folder, which is made where it is missing. */
  public Program claudeIn(Path place, String prompt, String... more) {
    try {
      Files.createDirectories(place);
      // What the scripted model writes; Claude refuses to write over a file that it has not read.
      Files.deleteIfExists(place.resolve("out.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> words = new ArrayList<>(List.of("claude", "-p", prompt));
    words.addAll(List.of("--output-format", "stream-json", "--verbose"));
    words.add("--dangerously-skip-permissions");
    words.addAll(List.of(more));
    return startIn(place, words.toArray(String[]::new));
  }

  /** Runs a headless turn of Claude to its end. */
  public Program.Ended turn(String prompt, String... more) {
    return claude(prompt, more).ended(PATIENCE);
  }

  /** Writes a file below the home. */
  public Path write(String name, String text) {
    try {
      Path file = home().resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of every file below a folder of the home, by its relative name. */
  public Map<String, String> files(String below) {
    Path top = home().resolve(below);
    Map<String, String> found = new TreeMap<>();
    if (!Files.isDirectory(top)) {
      return found;
    }
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        found.put(
            top.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The processes that carry this home in their environment: agents, workers, hooks. */
  public List<Long> processes() {
    List<Long> found = new ArrayList<>();
    byte[] mark = ("\0HOME=" + home() + "\0").getBytes(StandardCharsets.UTF_8);
    String wanted = new String(mark, StandardCharsets.ISO_8859_1);
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : (Iterable<Path>) all::iterator) {
        String name = process.getFileName().toString();
        if (name.chars().allMatch(Character::isDigit) && environ(process).contains(wanted)) {
          found.add(Long.parseLong(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The background workers of this person's tracing. */
  public List<Long> workers() {
    return processes().stream().filter(pid -> commandLine(pid).contains("drain")).toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static String environ(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("environ"));
      return "\0" + new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // gone, or somebody else's
    }
  }

  /** Ends whatever still runs in this home. */
  @Override
  public void close() {
    processes().forEach(pid -> Program.signal(pid, "KILL"));
  }
}
