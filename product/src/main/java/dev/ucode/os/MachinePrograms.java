package dev.ucode.os;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@link Programs} of this machine. */
public final class MachinePrograms implements Programs {
  private static final int MAX_OUTPUT = 1 << 20;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Environment env;

  public MachinePrograms(Environment env) {
    this.env = env;
  }

  @Override
  public @Nullable Path find(String name) {
    String path = env.present("PATH");
    if (path == null) {
      return null;
    }
    for (String folder : path.split(File.pathSeparator, -1)) {
      // An empty entry means the working directory, which is nobody's to run programs from.
      if (folder.isEmpty()) {
        continue;
      }
      Path candidate = Path.of(folder).resolve(name);
      if (candidate.isAbsolute()
          && Files.isRegularFile(candidate)
          && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  @Override
  public Outcome run(
      List<String> command, Map<String, String> environment, Path folder, Duration patience)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process = builder.start();
    CompletableFuture<String> out = text(process.getInputStream());
    CompletableFuture<String> err = text(process.getErrorStream());
    try {
      boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        kill(process);
      }
      // A child that outlives it may keep the pipes open: what it says later is not waited for.
      String said = ended(out);
      String complained = ended(err);
      return new Outcome(ended ? process.exitValue() : -1, said, complained);
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command.getFirst(), e);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String ended(CompletableFuture<String> text) {
    return text.completeOnTimeout("", GRACE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private static CompletableFuture<String> text(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                byte[] kept = stream.readNBytes(MAX_OUTPUT);
                stream.transferTo(java.io.OutputStream.nullOutputStream());
                text.complete(new String(kept, StandardCharsets.UTF_8));
              } catch (IOException broken) {
                text.complete("");
              }
            });
    return text;
  }
}
