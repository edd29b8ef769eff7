package dev.ucode.config;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Folders;
import dev.ucode.os.OsLock;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link ChangeSet}s, and undoes them byte for byte.
 *
 * <p>What was in a file before us is copied once, before our first edit of it, and noted in a
 * ledger; both are on the disk before the file is touched. Whenever a run is cut off, the ledger
 * therefore knows at least as much as has happened, and applying or reverting again ends well.
 */
public final class ConfigFiles {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path ledgerFile;
  private final Path lockFile;
  private final Path backups;

  public ConfigFiles(Folders folders) {
    this.ledgerFile = folders.root().resolve("ledger.json");
    this.lockFile = folders.root().resolve("ledger.lock");
    this.backups = folders.root().resolve("backups");
  }

  /**
   * What was done.
   *
   * @param changed files whose content, existence or permissions changed
   * @param unchanged files that were as they should be
   * @param warnings for the person: where a version of theirs was put aside
   */
  public record Applied(List<Path> changed, List<Path> unchanged, List<String> warnings) {
    public Applied {
      changed = List.copyOf(changed);
      unchanged = List.copyOf(unchanged);
      warnings = List.copyOf(warnings);
    }
  }

  /** Files that we have edited and not yet put back. */
  public List<Path> touched() {
    return List.copyOf(Ledger.read(ledgerFile).entries().keySet());
  }

  /** Of those, the ones that had a content before us, which a revert gives back. */
  public List<Path> backedUp() {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Path, Ledger.Entry> entry : Ledger.read(ledgerFile).entries().entrySet()) {
      if (entry.getValue().backup() != null) {
        files.add(entry.getKey());
      }
    }
    return files;
  }

  /**
   * Applies edits in order.
   *
   * @throws UserException where a person's file has changed since the edit was made
   * @throws IOException where a file cannot be written; the edits before it stand, and applying
   *     again goes on
   */
  public Applied apply(ChangeSet changes) throws IOException {
    List<Path> changed = new ArrayList<>();
    List<Path> unchanged = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    try (OsLock _ = OsLock.acquire(lockFile, PATIENCE)) {
      for (FileEdit edit : changes.edits()) {
        boolean did =
            switch (edit) {
              case FileEdit.Own own ->
                  write(
                      own.file(),
                      bytes(own.content()),
                      own.executable() ? AtomicFiles.PRIVATE_EXECUTABLE : AtomicFiles.PRIVATE);
              case FileEdit.Merge merge -> merge(merge);
              case FileEdit.Restore restore -> restore(restore.file(), warnings);
            };
        (did ? changed : unchanged).add(edit.file());
      }
    }
    return new Applied(changed, unchanged, warnings);
  }

  private boolean merge(FileEdit.Merge merge) throws IOException {
    byte[] now = content(merge.file());
    byte[] before = merge.before() == null ? null : bytes(merge.before());
    byte[] after = bytes(merge.after());
    if (now != null && Arrays.equals(now, after)) {
      return false;
    }
    if (!Arrays.equals(now, before)) {
      throw new UserException(
          Problem.failure(
              merge.file() + " was changed by another program just now",
              null,
              "run the command again"));
    }
    Set<PosixFilePermission> mode =
        now == null ? AtomicFiles.PRIVATE : Files.getPosixFilePermissions(merge.file());
    return write(merge.file(), after, mode);
  }

  private boolean write(Path file, byte[] after, Set<PosixFilePermission> mode) throws IOException {
    byte[] now = content(file);
    Ledger ledger = Ledger.read(ledgerFile);
    Ledger.Entry known = ledger.entries().get(file);
    boolean same =
        now != null
            && Arrays.equals(now, after)
            && Files.getPosixFilePermissions(file).equals(mode);
    if (same && known != null) {
      return false;
    }
    String digest = digest(after);
    if (known == null) {
      String backup = now == null ? null : backUp(file, now);
      Set<PosixFilePermission> before = now == null ? null : Files.getPosixFilePermissions(file);
      known = new Ledger.Entry(backup, before, List.of(digest), missingFolders(file));
    } else {
      known =
          new Ledger.Entry(
              known.backup(),
              known.permissions(),
              List.of(known.written().getLast(), digest),
              known.folders());
    }
    ledger.with(file, known).write(ledgerFile);
    if (same) {
      return false;
    }
    AtomicFiles.write(file, after, mode);
    return true;
  }

  private boolean restore(Path file, List<String> warnings) throws IOException {
    Ledger ledger = Ledger.read(ledgerFile);
    Ledger.Entry entry = ledger.entries().get(file);
    if (entry == null) {
      return false;
    }
    byte[] now = content(file);
    byte[] before = entry.backup() == null ? null : content(backups.resolve(entry.backup()));
    if (entry.backup() != null && before == null) {
      throw new UserException(
          Problem.failure(
              "cannot give " + file + " its old content back",
              "the copy of it, " + backups.resolve(entry.backup()) + ", is gone",
              "correct the file by hand and remove it from " + ledgerFile));
    }
    if (now != null && !entry.written().contains(digest(now)) && !Arrays.equals(now, before)) {
      Path aside = aside(file, now);
      warnings.add(file + " was changed after us; that version is kept as " + aside);
    }
    boolean did = !Arrays.equals(now, before);
    Set<PosixFilePermission> mode = entry.permissions();
    if (before == null) {
      AtomicFiles.delete(file);
      for (Path folder : entry.folders().reversed()) {
        AtomicFiles.deleteIfEmpty(folder);
      }
    } else if (mode != null && (did || !Files.getPosixFilePermissions(file).equals(mode))) {
      AtomicFiles.write(file, before, mode);
      did = true;
    }
    ledger.without(file).write(ledgerFile);
    if (entry.backup() != null) {
      AtomicFiles.delete(backups.resolve(entry.backup()));
      AtomicFiles.deleteIfEmpty(backups);
    }
    return did;
  }

  /**
   * The file's own name, so that a person can find it, and its path's digest, so that it is one.
   */
  private String backUp(Path file, byte[] content) throws IOException {
    String name = digest(bytes(file.toString())).substring(0, 12) + "-" + file.getFileName();
    AtomicFiles.write(backups.resolve(name), content, AtomicFiles.PRIVATE);
    return name;
  }

  private Path aside(Path file, byte[] content) throws IOException {
    Path aside =
        backups
            .resolveSibling("changed-by-you")
            .resolve(digest(content).substring(0, 12) + "-" + file.getFileName());
    AtomicFiles.write(aside, content, AtomicFiles.PRIVATE);
    return aside;
  }

  private static List<Path> missingFolders(Path file) {
    List<Path> missing = new ArrayList<>();
    for (Path folder = file.toAbsolutePath().getParent();
        folder != null && !Files.exists(folder);
        folder = folder.getParent()) {
      missing.addFirst(folder);
    }
    return missing;
  }

  private static byte @Nullable [] content(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
