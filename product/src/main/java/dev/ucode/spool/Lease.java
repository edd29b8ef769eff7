package dev.ucode.spool;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.OsLock;
import dev.ucode.os.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The right to be the one worker. The lock is the system's, and falls to the next when its holder
 * dies. Beside it lies a hint, our process id, by which a hook sees without a lock that somebody
 * will find its event; it is there only while that is true.
 *
 * <p>No event can fall between two workers: a hook first puts its event down and then looks for the
 * hint, while a worker that wants to leave first takes the hint away and then looks for events.
 */
public final class Lease implements AutoCloseable {
  private final Path hint;
  private final OsLock lock;

  private Lease(Path hint, OsLock lock) {
    this.hint = hint;
    this.lock = lock;
  }

  /**
   * Takes the lease and puts the hint up.
   *
   * @param patience how long to wait for one who may be about to leave
   * @return null where somebody else keeps it
   */
  public static @Nullable Lease take(Path spool, Duration patience) throws IOException {
    AtomicFiles.createFolders(spool);
    OsLock lock = OsLock.acquireWithin(spool.resolve("worker.lock"), patience);
    if (lock == null) {
      return null;
    }
    Lease lease = new Lease(spool.resolve("worker.pid"), lock);
    try {
      lease.putUp();
      return lease;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Whether somebody holds the lease now. */
  public static boolean isHeld(Path spool) throws IOException {
    OsLock lock = OsLock.tryAcquire(spool.resolve("worker.lock"));
    if (lock == null) {
      return true;
    }
    lock.close();
    return false;
  }

  /** Takes the hint away; after that, events may be waiting that nobody was told of. */
  public void takeDown() throws IOException {
    AtomicFiles.delete(hint);
  }

  /** Puts the hint up again: we stay after all. */
  public void putUp() throws IOException {
    AtomicFiles.write(
        hint, (Processes.own() + "\n").getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
  }

  @Override
  public void close() {
    try {
      takeDown();
    } catch (IOException e) {
      // It names a process that will be gone; any command's wake-up starts a worker regardless.
    }
    lock.close();
  }
}
