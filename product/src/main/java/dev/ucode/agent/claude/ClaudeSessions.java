package dev.ucode.agent.claude;

import dev.ucode.name.SessionId;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where Claude Code keeps the records of its sessions. */
public final class ClaudeSessions {
  private final Path configuration;

  /**
   * @param configuration {@code CLAUDE_CONFIG_DIR}, or {@code ~/.claude}
   */
  public ClaudeSessions(Path configuration) {
    this.configuration = configuration;
  }

  /** The main record of a session that was run in a folder; null where there is none. */
  public @Nullable Path transcript(Path folder, SessionId session) {
    if (!session.value().matches("[A-Za-z0-9-]+")) {
      return null; // it becomes a file's name
    }
    String project = folder.toString().replaceAll("[^A-Za-z0-9]", "-");
    Path file =
        configuration.resolve("projects").resolve(project).resolve(session.value() + ".jsonl");
    return Files.isRegularFile(file) ? file : null;
  }
}
