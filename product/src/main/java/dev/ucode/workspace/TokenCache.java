package dev.ucode.workspace;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.OsLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Minted tokens between processes: one private file for each workspace and sign-in, of three lines:
 * the token, when it was received, and how long it lives (seconds of our own clock, since a
 * server's is another's).
 */
final class TokenCache {
  /** How long one waits for another process that is minting. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Path folder;
  private final boolean onDisk;
  private final Map<String, Minted> memory = new HashMap<>();

  /**
   * @param onDisk false for a dry run, which reads what is there and keeps the rest to itself
   */
  TokenCache(Path folder, boolean onDisk) {
    this.folder = folder;
    this.onDisk = onDisk;
  }

  /** A token with its own clock. */
  record Minted(String token, Instant received, Duration life) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** Whether a useful part of its life is left: half of it, and a minute. */
    boolean usable(Instant now) {
      Duration age = Duration.between(received, now);
      if (age.isNegative()) {
        return false; // the clock was put back: its age is unknown
      }
      Duration half = life.dividedBy(2);
      return life.minus(age).compareTo(half.compareTo(SHORTEST) > 0 ? half : SHORTEST) >= 0;
    }

    @Override
    public String toString() {
      return "token of " + received;
    }
  }

  @Nullable Minted read(String key) {
    Minted held = memory.get(key);
    if (held != null) {
      return held;
    }
    try {
      List<String> lines = Files.readString(folder.resolve(key)).lines().toList();
      if (lines.size() != 3 || lines.getFirst().isBlank()) {
        return null;
      }
      return new Minted(
          lines.get(0),
          Instant.ofEpochSecond(Long.parseLong(lines.get(1))),
          Duration.ofSeconds(Long.parseLong(lines.get(2))));
    } catch (IOException | RuntimeException unreadable) {
      return null; // a cache: what cannot be read is not there
    }
  }

  void write(String key, Minted minted) {
    if (!onDisk) {
      memory.put(key, minted);
      return;
    }
    String text =
        minted.token()
            + "\n"
            + minted.received().getEpochSecond()
            + "\n"
            + minted.life().toSeconds()
            + "\n";
    try {
      AtomicFiles.write(
          folder.resolve(key), text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
    } catch (IOException full) {
      // A full disk or a read-only home must not cost the person their token.
      memory.put(key, minted);
    }
  }

  /**
   * The right to mint for this key; null where there can be no lock, which is no reason to fail.
   */
  @Nullable OsLock lock(String key, Duration atMost) {
    if (!onDisk) {
      return null;
    }
    try {
      return OsLock.acquire(
          folder.resolve(key + ".lock"), atMost.compareTo(PATIENCE) < 0 ? atMost : PATIENCE);
    } catch (IOException e) {
      return null;
    }
  }

  static String key(WorkspaceUrl workspace, SignIn signIn) {
    String name =
        switch (signIn) {
          case SignIn.PatProfile p -> "pat-profile\n" + p.profile();
          case SignIn.ClientCredentialsProfile c -> "client-credentials-profile\n" + c.profile();
          case SignIn.EnvironmentVariable v -> "environment\n" + v.name();
        };
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest((workspace.value() + "\n" + name).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
