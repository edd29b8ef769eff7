package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir Path folder;

  @Test
  void isMadeOnceAndPrivate() throws IOException {
    Path file = folder.resolve("deep/key");
    byte[] first = KeyFile.readOrCreate(file);
    assertThat(first).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(KeyFile.readOrCreate(file)).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(AtomicFiles.PRIVATE);
    assertThat(KeyFile.readOrCreate(folder.resolve("other"))).isNotEqualTo(first);
  }

  @Test
  void somethingElseIsNotTakenForAKey() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "short");
    assertThatThrownBy(() -> KeyFile.readOrCreate(file)).isInstanceOf(IOException.class);
  }
}
