package dev.ucode.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  @TempDir Path spool;

  @Test
  void oneWorkerAndItsHintWhileItStays() throws Exception {
    Path hint = spool.resolve("worker.pid");
    try (Lease lease = take(Duration.ZERO)) {
      assertThat(hint).hasContent(Long.toString(ProcessHandle.current().pid()));
      assertThat(Lease.isHeld(spool)).isTrue();
      CompletableFuture<Boolean> refused = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> refused.complete(isRefused()));
      assertThat(refused.get()).isTrue();
      lease.takeDown();
      assertThat(hint).doesNotExist();
      lease.putUp();
      assertThat(hint).exists();
    }
    assertThat(hint).doesNotExist();
    assertThat(Lease.isHeld(spool)).isFalse();
    take(Duration.ZERO).close();
  }

  @Test
  void theNextWaitsForOneThatIsAboutToLeave() throws Exception {
    CompletableFuture<Lease> next = new CompletableFuture<>();
    Lease first = take(Duration.ZERO);
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Lease second = take(Duration.ofSeconds(30))) {
                    assertThat(Files.exists(spool.resolve("worker.pid"))).isTrue();
                    next.complete(second);
                  } catch (IOException | RuntimeException e) {
                    next.completeExceptionally(e);
                  }
                });
    first.close();
    assertThat(next.get()).isNotNull();
    waiting.join();
  }

  private Lease take(Duration patience) throws IOException {
    Lease lease = Lease.take(spool, patience);
    return lease == null ? fail("somebody else holds the lease") : lease;
  }

  private boolean isRefused() {
    try {
      return Lease.take(spool, Duration.ZERO) == null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
