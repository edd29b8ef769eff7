package dev.ucode.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Folders;
import dev.ucode.os.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever we do to whichever files, cut off wherever: a revert gives back what was there. */
class ExactRevertTest {
  private static final List<String> NAMES = List.of("a", "b/c", "b/d/e", ".claude/settings.json");

  /** A file before us: its text and permissions. */
  record Before(String name, String content, String mode) {}

  /** One edit, and after which step of it the process dies, if it does. */
  record Act(String name, boolean merge, String content, int diesAfter) {}

  @Property(tries = 150)
  void revertGivesBackEveryByte(
      @ForAll("befores") List<Before> befores,
      @ForAll("acts") List<Act> acts,
      @ForAll("deaths") List<Integer> deathsOfRevert)
      throws IOException {
    Path home = Files.createTempDirectory("revert");
    try {
      for (Before before : befores) {
        Path file = home.resolve(before.name());
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, before.content());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(before.mode()));
      }
      Map<String, String> start = snapshot(home);

      for (Act act : acts) {
        attempt(home, act.diesAfter(), edit(home, act));
      }
      for (int diesAfter : deathsOfRevert) {
        attempt(home, diesAfter, reverting(home));
      }
      attempt(home, Integer.MAX_VALUE, reverting(home));

      assertThat(snapshot(home)).isEqualTo(start);
      assertThat(files(home, Steps.UNWATCHED).touched()).isEmpty();
    } finally {
      AtomicFiles.deleteTree(home);
    }
  }

  private static ChangeSet edit(Path home, Act act) throws IOException {
    Path file = home.resolve(act.name());
    if (!act.merge()) {
      return ChangeSet.of(new FileEdit.Own(file, act.content(), false));
    }
    String before =
        Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : null;
    return ChangeSet.of(new FileEdit.Merge(file, before, before + act.content()));
  }

  private static ChangeSet reverting(Path home) {
    List<FileEdit> edits = new ArrayList<>();
    files(home, Steps.UNWATCHED).touched().forEach(f -> edits.add(new FileEdit.Restore(f)));
    return new ChangeSet(edits);
  }

  private static void attempt(Path home, int diesAfter, ChangeSet changes) throws IOException {
    int[] steps = {0};
    Steps deadly =
        step -> {
          if (steps[0]++ == diesAfter) {
            throw new Death();
          }
        };
    try {
      files(home, deadly).apply(changes);
    } catch (Death died) {
      // The next run has to cope.
    }
  }

  private static ConfigFiles files(Path home, Steps steps) {
    return new ConfigFiles(new Folders(home.resolve(".ucode")), steps);
  }

  /** All files and folders but our own, with bytes and permissions. */
  private static Map<String, String> snapshot(Path home) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (var walk = Files.walk(home)) {
      for (Path path : walk.toList()) {
        String name = home.relativize(path).toString();
        if (name.startsWith(".ucode")) {
          continue;
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        String content =
            Files.isDirectory(path)
                ? "folder"
                : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        all.put(name, mode + " " + content);
      }
    }
    return all;
  }

  @Provide
  Arbitrary<List<Before>> befores() {
    Arbitrary<String> content =
        Arbitraries.strings().withChars("{}\"\\/ \r\n\tä€\u0000x").ofMaxLength(40);
    return Combinators.combine(
            Arbitraries.of(NAMES),
            content,
            Arbitraries.of("rw-r--r--", "rw-------", "rwxr-xr-x", "r--r--r--"))
        .as(Before::new)
        .list()
        .ofMaxSize(4)
        .uniqueElements(Before::name);
  }

  @Provide
  Arbitrary<List<Act>> acts() {
    return Combinators.combine(
            Arbitraries.of(NAMES),
            Arbitraries.of(true, false),
            Arbitraries.of("", "one", "two\n", "{\"a\":1}"),
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(3, Integer.MAX_VALUE),
                net.jqwik.api.Tuple.of(1, 0),
                net.jqwik.api.Tuple.of(1, 1),
                net.jqwik.api.Tuple.of(1, 2)))
        .as(Act::new)
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Integer>> deaths() {
    return Arbitraries.integers().between(0, 8).list().ofMaxSize(3);
  }

  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
