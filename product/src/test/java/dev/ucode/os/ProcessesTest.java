package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  @Test
  void knowsALiveProcessByItsIdAndStart() throws Exception {
    Process child = new ProcessBuilder("cat").start(); // waits for its input to end
    long id = child.pid();
    Instant start = Objects.requireNonNull(Processes.startOf(id));
    assertThat(Processes.isAlive(id, start)).isTrue();
    assertThat(Processes.isAlive(id, null)).isTrue();
    assertThat(Processes.isAlive(id, start.minusSeconds(60))).as("an id used again").isFalse();
    end(child);
    assertThat(Processes.isAlive(id, start)).isFalse();
    assertThat(Processes.startOf(id)).isNull();
  }

  @Test
  void noProcessHasAnIdOfZeroOrLess() {
    assertThat(Processes.isAlive(0, null)).isFalse();
    assertThat(Processes.isAlive(-1, null)).isFalse();
    assertThat(Processes.startOf(0)).isNull();
  }

  private static void end(Process child) throws IOException, InterruptedException {
    child.getOutputStream().close();
    child.waitFor();
  }
}
