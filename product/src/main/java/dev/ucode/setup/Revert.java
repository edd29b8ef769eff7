package dev.ucode.setup;

import dev.ucode.config.ChangeSet;
import dev.ucode.config.ConfigFiles;
import dev.ucode.config.FileEdit;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Folders;
import dev.ucode.os.OsLock;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.spool.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ucode revert}: every file is again what it was before us, and what we made is gone. Traces
 * that have not been delivered stay, unless the person asks for them to go. Cut off, it can be
 * repeated; with nothing to do, it does nothing.
 */
public final class Revert {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Folders folders;
  private final ConfigFiles files;

  public Revert(Folders folders) {
    this.folders = folders;
    this.files = new ConfigFiles(folders);
  }

  /**
   * What would be done; changes nothing.
   *
   * @param purge whether stored traces and undelivered ones go, too
   */
  public RevertPlan plan(boolean purge) {
    List<Path> restored = files.backedUp();
    List<Path> deleted = new ArrayList<>();
    for (Path file : files.touched()) {
      if (!restored.contains(file)) {
        deleted.add(file);
      }
    }
    for (Path ours : ours(purge)) {
      if (Files.exists(ours)) {
        deleted.add(ours);
      }
    }
    List<RevertPlan.Kept> kept = new ArrayList<>();
    if (!purge) {
      keep(kept, folders.spool(), "events of turns that may not have been read yet");
      keep(
          kept,
          folders.database().resolveSibling(""),
          "your sessions, and traces not yet delivered: configuring tracing again delivers them");
      keep(kept, folders.markKey(), "the key that marks the same secret the same way in them");
    }
    keep(kept, folders.root().resolve("sandbox"), "the sandbox's data: ucode sandbox reset");
    keep(kept, changedByYou(), "files you changed after us, as you left them");
    return new RevertPlan(restored, deleted, kept, purge);
  }

  /**
   * Does it.
   *
   * @throws IOException where a file cannot be changed; what came before it stands
   */
  public RevertReport apply(boolean purge) throws IOException {
    RevertPlan plan = plan(purge);
    if (plan.empty()) {
      return new RevertReport(plan, List.of());
    }
    if (purge && Files.exists(folders.spool()) && Lease.isHeld(folders.spool())) {
      throw new UserException(
          Problem.failure(
              "traces are being delivered right now", null, "try again in a minute or two"));
    }
    List<String> warnings;
    try (OsLock _ = OsLock.acquire(Setup.lockFile(folders), PATIENCE)) {
      // What agents are started with goes first, the state last: until then it can be repeated.
      List<FileEdit> edits = new ArrayList<>();
      files.touched().forEach(file -> edits.add(new FileEdit.Restore(file)));
      warnings = files.apply(new ChangeSet(edits)).warnings();
      for (Path ours : ours(purge)) {
        AtomicFiles.deleteTree(ours);
      }
      for (String lock : List.of("state-v4.json.lock", "ledger.lock", "setup.lock")) {
        AtomicFiles.delete(folders.root().resolve(lock));
      }
    }
    AtomicFiles.deleteIfEmpty(folders.root());
    return new RevertReport(plan, warnings);
  }

  private List<Path> ours(boolean purge) {
    List<Path> ours =
        new ArrayList<>(
            List.of(
                folders.agents(),
                folders.bin(),
                folders.launch(),
                folders.tokens(),
                folders.root().resolve("cache"),
                folders.root().resolve("backups")));
    if (purge) {
      ours.addAll(
          List.of(
              folders.spool(),
              folders.database().resolveSibling(""),
              folders.markKey(),
              folders.markKey().resolveSibling(folders.markKey().getFileName() + ".lock"),
              folders.logs()));
    }
    ours.add(folders.stateFile());
    return ours;
  }

  private Path changedByYou() {
    return folders.root().resolve("changed-by-you");
  }

  private static void keep(List<RevertPlan.Kept> kept, Path path, String why) {
    if (Files.exists(path)) {
      kept.add(new RevertPlan.Kept(path, why));
    }
  }
}
