package dev.ucode.acceptance.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A running program whose output goes to files, so that no full pipe can hold it up. */
final class Program implements AutoCloseable {
  /**
   * How a program ended.
   *
   * @param exit its exit code; 128 and the signal's number where a signal ended it
   */
  public record Ended(int exit, String out, String err) {
    /** Fails with what was printed unless the exit code is the expected one. */
    public Ended expect(int wanted) {
      if (exit != wanted) {
        throw new AssertionError(
            "exit code " + exit + " instead of " + wanted + "\n" + out + "\n" + err);
      }
      return this;
    }
  }

  private final List<String> words;
  private final Process process;
  private final Path out;
  private final Path err;

  private Program(List<String> words, Process process, Path out, Path err) {
    this.words = words;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a program with exactly this environment and nothing on its standard input. */
  public static Program start(List<String> words, Path folder, Map<String, String> environment) {
    return start(words, folder, environment, Path.of("/dev/null"));
  }

  /** Starts a program with exactly this environment and a file as its standard input. */
  public static Program start(
      List<String> words, Path folder, Map<String, String> environment, Path input) {
    try {
      Path out = Files.createTempFile("acceptance", ".out");
      Path err = Files.createTempFile("acceptance", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectInput(input.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      return new Program(words, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean running() {
    return process.isAlive();
  }

  /** What it has printed so far. */
  public String out() {
    return read(out);
  }

  /** Sends a signal, such as {@code INT}, to this process alone. */
  public void signal(String name) {
    signal(process.pid(), name);
  }

  /** Sends a signal to a process; one that is gone already is left in peace. */
  public static void signal(long pid, String name) {
    try {
      new ProcessBuilder("kill", "-s", name, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the end; a program over its time fails the test, with what it printed. */
  public Ended ended(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "still running after "
                + limit.toSeconds()
                + " s: "
                + words
                + "\n"
                + read(out)
                + "\n"
                + read(err));
      }
      return new Ended(process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      close();
    }
  }

  /** Ends it and all that it started and that still are its descendants. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    if (process.isAlive()) {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
