package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsLockTest {
  @TempDir Path folder;

  @Test
  void oneHolderAtATime() throws Exception {
    Path file = folder.resolve("locks/a.lock");
    try (OsLock first = OsLock.tryAcquire(file)) {
      assertThat(first).isNotNull();
      assertThat(fromAnotherThread(file)).isFalse();
      assertThat(OsLock.tryAcquire(file)).isNull();
    }
    assertThat(fromAnotherThread(file)).isTrue();
  }

  @Test
  void anotherProcessIsKeptOutAndItsDeathFreesTheLock() throws Exception {
    Path file = folder.resolve("a.lock");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = holder.inputReader()) {
      assertThat(out.readLine()).isEqualTo("held");
      assertThat(OsLock.tryAcquire(file)).isNull();
      assertThatThrownBy(() -> OsLock.acquire(file, Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a.lock");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    try (OsLock lock = OsLock.acquire(file, Duration.ofSeconds(10))) {
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void threadsTakeTurns() throws Exception {
    Path file = folder.resolve("a.lock");
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    List<Callable<Boolean>> turns =
        Collections.nCopies(
            20,
            () -> {
              try (OsLock lock = OsLock.acquire(file, Duration.ofSeconds(30))) {
                worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                return lock != null;
              }
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> turn : threads.invokeAll(turns)) {
        assertThat(turn.get()).isTrue();
      }
    }
    assertThat(worst).hasValue(1);
  }

  private static boolean fromAnotherThread(Path file) throws Exception {
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      return thread
          .submit(
              () -> {
                try (@Nullable OsLock lock = OsLock.tryAcquire(file)) {
                  return lock != null;
                }
              })
          .get();
    }
  }

  /** Takes a lock and keeps it until killed. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
      try (OsLock lock = OsLock.acquire(Path.of(args[0]), Duration.ofSeconds(10))) {
        System.out.println(lock == null ? "no lock" : "held");
        System.in.read();
      }
    }
  }
}
