package dev.ucode.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/** Random bytes that belong to this installation, made at their first use and kept private. */
public final class KeyFile {
  private static final int LENGTH = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private KeyFile() {}

  /**
   * The key in that file, 32 bytes. Of several processes that find none, one makes it.
   *
   * @throws IOException where it can neither be read nor made, or holds something else
   */
  public static byte[] readOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      Path lock = file.resolveSibling(file.getFileName() + ".lock");
      try (OsLock _ = OsLock.acquire(lock, PATIENCE)) {
        if (!Files.exists(file)) {
          byte[] key = new byte[LENGTH];
          new SecureRandom().nextBytes(key);
          AtomicFiles.write(file, key, AtomicFiles.PRIVATE);
        }
      }
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != LENGTH) {
      throw new IOException(file + " is not a key: it has " + key.length + " bytes");
    }
    return key;
  }
}
