package dev.ucode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.os.Folders;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
  @TempDir Path home;
  private Path root;
  private ConfigFiles files;

  @BeforeEach
  void create() {
    root = home.resolve(".ucode");
    files = new ConfigFiles(new Folders(root));
  }

  @Test
  void aFileOfOursIsPrivateAndWrittenOnlyWhenItDiffers() throws IOException {
    Path file = root.resolve("agents/x/settings.json");
    assertThat(apply(own(file, "one")).changed()).containsExactly(file);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(root.resolve("agents"))).isEqualTo("rwx------");
    FileTime long_ago = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, long_ago);
    assertThat(apply(own(file, "one")).unchanged()).containsExactly(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(long_ago);
    apply(own(file, "two"));
    assertThat(file).hasContent("two");
  }

  @Test
  void whatWeMadeIsDeletedWithTheFoldersWeMade() throws IOException {
    Path file = home.resolve("a/b/c.json");
    apply(own(file, "one"), own(file, "two"));
    apply(new FileEdit.Restore(file));
    assertThat(home.resolve("a")).doesNotExist();
    assertThat(files.touched()).isEmpty();
  }

  @Test
  void aFolderThatHoldsSomethingElseStays() throws IOException {
    Path file = home.resolve("a/b/c.json");
    apply(own(file, "one"));
    Files.writeString(home.resolve("a/other"), "x");
    apply(new FileEdit.Restore(file));
    assertThat(home.resolve("a/b")).doesNotExist();
    assertThat(home.resolve("a/other")).exists();
  }

  @Test
  void thePersonsFileComesBackByteForByteWithItsPermissions() throws IOException {
    Path file = home.resolve("settings.json");
    byte[] before = "{\r\n\t// mine\n \"a\":1 ,}\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, before);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    apply(own(file, "ours"));
    apply(own(file, "ours again"));
    assertThat(files.backedUp()).containsExactly(file);
    apply(new FileEdit.Restore(file));
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(mode(file)).isEqualTo("rw-r--r--");
    assertThat(files.touched()).isEmpty();
    assertThat(root.resolve("backups")).doesNotExist();
  }

  @Test
  void aMergeKeepsPermissionsAndRefusesAFileThatChangedMeanwhile() throws IOException {
    Path file = home.resolve("settings.json");
    Files.writeString(file, "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    apply(new FileEdit.Merge(file, "before", "after"));
    assertThat(file).hasContent("after");
    assertThat(mode(file)).isEqualTo("rw-r-----");
    Files.writeString(file, "the person's");
    assertThatThrownBy(() -> apply(new FileEdit.Merge(file, "after", "again")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("changed by another program");
    assertThat(file).hasContent("the person's");
  }

  @Test
  void aVersionThePersonMadeAfterUsIsKeptAside() throws IOException {
    Path file = home.resolve("settings.json");
    Files.writeString(file, "before");
    apply(own(file, "ours"));
    Files.writeString(file, "the person's");
    var applied = apply(new FileEdit.Restore(file));
    assertThat(file).hasContent("before");
    assertThat(applied.warnings()).singleElement().asString().contains("changed after us");
    try (var kept = Files.list(root.resolve("changed-by-you"))) {
      assertThat(kept.toList())
          .singleElement()
          .satisfies(k -> assertThat(k).hasContent("the person's"));
    }
  }

  @Test
  void aLinkIsFollowedAndStays() throws IOException {
    Path target = home.resolve("dotfiles/settings.json");
    Files.createDirectories(home.resolve("dotfiles"));
    Files.writeString(target, "before");
    Path link = Files.createSymbolicLink(home.resolve("settings.json"), target);
    apply(own(link, "ours"));
    assertThat(target).hasContent("ours");
    apply(new FileEdit.Restore(link));
    assertThat(target).hasContent("before");
    assertThat(Files.isSymbolicLink(link)).isTrue();
  }

  @Test
  void aLinkToNowhereIsRefusedAndStays() throws IOException {
    Path link = Files.createSymbolicLink(home.resolve("x"), home.resolve("nowhere"));
    assertThatThrownBy(() -> apply(own(link, "ours"))).isInstanceOf(UserException.class);
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(files.touched()).isEmpty();
  }

  @Test
  void aRestoreOfWhatWeNeverTouchedDoesNothing() throws IOException {
    Path file = home.resolve("settings.json");
    Files.writeString(file, "mine");
    assertThat(apply(new FileEdit.Restore(file)).unchanged()).containsExactly(file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void aBrokenLedgerStopsEverything() throws IOException {
    Path file = home.resolve("settings.json");
    apply(own(file, "ours"));
    Files.writeString(root.resolve("ledger.json"), "{");
    assertThatThrownBy(() -> apply(own(file, "again")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("ledger.json");
    assertThat(file).hasContent("ours");
  }

  @Test
  void aPreviewShowsTheChangeAndMakesNone() throws IOException {
    Path file = home.resolve("settings.json");
    Files.writeString(file, "a\nb\nc\nd\ne\nf\n");
    Path fresh = home.resolve("fresh");
    var previews =
        Preview.of(
            ChangeSet.of(new FileEdit.Merge(file, "", "a\nb\nc\nd\nE\nf\n"), own(fresh, "x\ny\n")));
    assertThat(previews.get(0))
        .isEqualTo(
            new Preview(
                file, Preview.Kind.UPDATE, java.util.List.of(" …", " c", " d", "-e", "+E", " f")));
    assertThat(previews.get(1).lines()).containsExactly("+x", "+y");
    assertThat(fresh).doesNotExist();
    assertThat(root).doesNotExist();
  }

  private ConfigFiles.Applied apply(FileEdit... edits) throws IOException {
    return files.apply(ChangeSet.of(edits));
  }

  private static FileEdit own(Path file, String content) {
    return new FileEdit.Own(file, content, false);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
