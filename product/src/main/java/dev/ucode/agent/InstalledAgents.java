package dev.ucode.agent;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonWriter;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds agents' programs on {@code PATH} and asks them for their version. The answer is remembered
 * by the program's real path, size and time, since asking costs a start of the agent.
 */
public final class InstalledAgents {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+[-+0-9A-Za-z.]*");
  private static final int REMEMBERED = 50;

  private final Programs programs;
  private final Environment env;
  private final Path memory;
  private final boolean remember;

  /**
   * @param remember false for a dry run, which writes nothing down
   */
  public InstalledAgents(Programs programs, Environment env, Folders folders, boolean remember) {
    this.programs = programs;
    this.env = env;
    this.memory = folders.root().resolve("cache").resolve("agent-versions.json");
    this.remember = remember;
  }

  /** The agent's program, or null where there is none. */
  public @Nullable Installed find(Product product) {
    Path binary = programs.find(product.binary());
    if (binary == null) {
      return null;
    }
    String key;
    try {
      Path real = binary.toRealPath();
      key =
          real
              + "|"
              + Files.size(real)
              + "|"
              + Files.getLastModifiedTime(real).to(java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (IOException gone) {
      return null;
    }
    Map<String, String> known = known();
    String version = known.get(key);
    if (version == null) {
      version = ask(binary);
      if (version == null) {
        return new Installed(binary, "unknown"); // asked again the next time
      }
      known.put(key, version);
      write(known);
    }
    return new Installed(binary, version);
  }

  private @Nullable String ask(Path binary) {
    try {
      Programs.Outcome outcome =
          programs.run(
              List.of(binary.toString(), "--version"), Map.of(), env.workingDirectory(), PATIENCE);
      Matcher matcher = VERSION.matcher(outcome.out().isBlank() ? outcome.err() : outcome.out());
      return outcome.exit() == 0 && matcher.find() ? matcher.group() : null;
    } catch (IOException e) {
      return null;
    }
  }

  private Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    try {
      if (JsonReader.parse(Files.readAllBytes(memory)) instanceof Json.Obj all) {
        all.members()
            .forEach(
                (key, value) -> {
                  if (value instanceof Json.Str text) {
                    known.put(key, text.value());
                  }
                });
      }
    } catch (IOException none) {
      // A cache: what cannot be read is not there.
    }
    return known;
  }

  private void write(Map<String, String> known) {
    if (!remember) {
      return;
    }
    Json.Builder all = Json.object();
    known.entrySet().stream()
        .skip(Math.max(0, known.size() - REMEMBERED))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    try {
      AtomicFiles.write(
          memory,
          JsonWriter.pretty(all.build()).getBytes(StandardCharsets.UTF_8),
          AtomicFiles.PRIVATE);
    } catch (IOException full) {
      // Costs the next command a moment, nothing else.
    }
  }
}
