package dev.ucode.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, held on a file and given back by the system when its holder dies. The
 * file itself stays. Threads of one process exclude each other too.
 */
public final class OsLock implements AutoCloseable {
  /** The system's lock belongs to the process, so threads need one of their own per file. */
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final FileChannel channel;
  private final ReentrantLock threads;

  private OsLock(FileChannel channel, ReentrantLock threads) {
    this.channel = channel;
    this.threads = threads;
  }

  /** Takes the lock if nobody has it; null otherwise. */
  public static @Nullable OsLock tryAcquire(Path file) throws IOException {
    ReentrantLock threads = threads(file);
    if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
      return null;
    }
    FileChannel channel = null;
    try {
      channel = open(file);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new OsLock(channel, threads);
      }
    } catch (OverlappingFileLockException held) {
      // Held through another path to the same file.
    } catch (IOException | RuntimeException e) {
      close(channel);
      threads.unlock();
      throw e;
    }
    close(channel);
    threads.unlock();
    return null;
  }

  /**
   * Waits for the lock.
   *
   * @throws IOException where the time is over first
   */
  public static OsLock acquire(Path file, Duration patience) throws IOException {
    OsLock lock = acquireWithin(file, patience);
    if (lock == null) {
      throw new IOException("another process holds " + file);
    }
    return lock;
  }

  /** Waits for the lock; null where the time is over first. */
  public static @Nullable OsLock acquireWithin(Path file, Duration patience) throws IOException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      OsLock lock = tryAcquire(file);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - until > 0) {
        return null;
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + file, e);
      }
    }
  }

  @Override
  public void close() {
    close(channel); // gives the system's lock back
    threads.unlock();
  }

  private static ReentrantLock threads(Path file) {
    return THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
  }

  private static FileChannel open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      AtomicFiles.createFolders(folder);
    }
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(AtomicFiles.PRIVATE));
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written through it; the system frees the lock with the descriptor.
      }
    }
  }
}
