package dev.ucode.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One process of a test: what goes in, and what came out of it before its deadline. */
final class Run {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> command = new ArrayList<>();
  private final Map<String, @Nullable String> environment = new LinkedHashMap<>();
  private boolean inherit = true;
  private byte[] input = new byte[0];
  private @Nullable Path folder;

  private Run(List<String> command) {
    this.command.addAll(command);
  }

  /** What a process left: its exit code (128 + n for a signal n) and its two outputs. */
  record Result(long pid, int code, String out, String err) {}

  static Run of(Object... words) {
    return new Run(Arrays.stream(words).map(Object::toString).toList());
  }

  static Run of(List<String> shell, Object... words) {
    Run run = new Run(shell);
    for (Object word : words) {
      run.command.add(word.toString());
    }
    return run;
  }

  /** More words of the command. */
  Run words(List<String> more) {
    command.addAll(more);
    return this;
  }

  Run with(String name, Object value) {
    environment.put(name, value.toString());
    return this;
  }

  Run without(String name) {
    environment.put(name, null);
    return this;
  }

  /** The whole environment: nothing is inherited. */
  Run only(Map<String, String> variables) {
    inherit = false;
    environment.putAll(variables);
    return this;
  }

  Run input(byte[] bytes) {
    input = bytes;
    return this;
  }

  Run in(Path directory) {
    folder = directory;
    return this;
  }

  /** Starts it and leaves its stdin open. */
  Process start() throws IOException {
    var builder = new ProcessBuilder(command);
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    if (!inherit) {
      builder.environment().clear();
    }
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return builder.start();
  }

  Result run() throws IOException, InterruptedException {
    Path out = Files.createTempFile("ucode-test", ".out");
    Path err = Files.createTempFile("ucode-test", ".err");
    try {
      Process process = start();
      try (var stdout = process.getInputStream();
          var stderr = process.getErrorStream()) {
        Thread errors = Thread.startVirtualThread(() -> copy(stderr, err));
        Thread outputs = Thread.startVirtualThread(() -> copy(stdout, out));
        try (OutputStream stdin = process.getOutputStream()) {
          stdin.write(input);
        } catch (IOException e) {
          // It may have ended without reading all of it.
        }
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running after " + PATIENCE + ": " + command);
        }
        if (!errors.join(PATIENCE) || !outputs.join(PATIENCE)) {
          throw new AssertionError("its output is held open by something it left: " + command);
        }
        return new Result(
            process.pid(), process.exitValue(), Files.readString(out), Files.readString(err));
      }
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Waits for a condition; fails after a minute. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("did not happen within " + PATIENCE + ": " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void copy(InputStream from, Path to) {
    try (var out = Files.newOutputStream(to)) {
      from.transferTo(out);
    } catch (IOException e) {
      // The process was killed; the deadline reports it.
    }
  }
}
