package dev.ucode.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void aFileIsPrivateAndItsFoldersToo() throws Exception {
    Path file = folder.resolve("a/b/state.json");
    AtomicFiles.write(file, bytes("x"), AtomicFiles.PRIVATE);
    assertThat(Files.readString(file)).isEqualTo("x");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("a"))).isEqualTo("rwx------");
  }

  @Test
  void aLinkStaysALink() throws Exception {
    Path real = folder.resolve("real");
    Path link = folder.resolve("link");
    Files.writeString(real, "old");
    Files.createSymbolicLink(link, real);
    AtomicFiles.write(link, bytes("new"), AtomicFiles.PRIVATE);
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(real)).isEqualTo("new");
  }

  @Test
  void afterAFailureTheOldContentIsThereAndNothingElse() throws Exception {
    Path occupied = folder.resolve("occupied");
    Files.createDirectories(occupied.resolve("child"));
    assertThatThrownBy(() -> AtomicFiles.write(occupied, bytes("x"), AtomicFiles.PRIVATE))
        .isInstanceOf(IOException.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(occupied);
    }
  }

  @Test
  void theSameContentIsNotWrittenAgain() throws Exception {
    Path file = folder.resolve("f");
    assertThat(AtomicFiles.writeIfChanged(file, bytes("x"), AtomicFiles.PRIVATE)).isTrue();
    Object before = Files.readAttributes(file, "unix:ino").get("ino");
    assertThat(AtomicFiles.writeIfChanged(file, bytes("x"), AtomicFiles.PRIVATE)).isFalse();
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(AtomicFiles.writeIfChanged(file, bytes("x"), AtomicFiles.PRIVATE)).isTrue();
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
