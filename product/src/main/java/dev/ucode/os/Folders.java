package dev.ucode.os;

import java.nio.file.Path;

/**
 * Where ucode keeps its things: {@code ~/.ucode}, or {@code UCODE_HOME}. Nothing is created by
 * asking.
 */
public record Folders(Path root) {
  public static Folders of(Environment env) {
    String home = env.present("UCODE_HOME");
    return new Folders(home == null ? env.home().resolve(".ucode") : Path.of(home));
  }

  /** State of workspaces and settings. */
  public Path stateFile() {
    return root.resolve("state-v4.json");
  }

  /** Stable entry points that agents' settings point at. */
  public Path bin() {
    return root.resolve("bin");
  }

  /** Settings files we write for agents: one folder an agent. */
  public Path agents() {
    return root.resolve("agents");
  }

  /** Per-launch files, collected later. */
  public Path launch() {
    return root.resolve("launch");
  }

  /** Inbox of hook events, worker lock and hint. */
  public Path spool() {
    return root.resolve("spool");
  }

  /** The database: reader positions, outbox, ledger and what the views read. */
  public Path database() {
    return root.resolve("store").resolve("ucode.db");
  }

  /** Cached access tokens. */
  public Path tokens() {
    return root.resolve("tokens");
  }

  /** The key that makes the marks of masked secrets; it never leaves this machine. */
  public Path markKey() {
    return root.resolve("mark.key");
  }

  /** Rotated log files. */
  public Path logs() {
    return root.resolve("logs");
  }
}
