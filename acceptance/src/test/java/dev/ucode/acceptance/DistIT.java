package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged folder itself: it stands alone, can be moved, and never runs code that is gone. */
class DistIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path temp;

  @Test
  void itStaysWithinItsSize() throws Exception {
    var size = new AtomicLong();
    Set<Object> seen = new HashSet<>();
    Files.walkFileTree(
        Dist.home(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.fileKey() == null || seen.add(attributes.fileKey())) {
              size.addAndGet(attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(size.get()).as("bytes installed").isBetween(40_000_000L, 130_000_000L);
    Path archive = Path.of(System.getProperty("dist") + ".tar.gz");
    if (Files.exists(archive)) { // -Ddist.archive=true makes one
      assertThat(Files.size(archive)).as("bytes compressed").isLessThan(45_000_000L);
    }
  }

  /** No JVM message, whatever other JVMs are told; no other Java, no class path of the person's. */
  @Test
  void itNeedsNothingFromOutsideAndPrintsNothingOfTheJvm() throws Exception {
    Path moved = copy(temp.resolve("moved to ümläut"));
    Run.Result result =
        Run.of(moved.resolve("bin/ucode"), "--version")
            .with("HOME", temp)
            .with("PATH", "/usr/bin:/bin")
            .with("JAVA_TOOL_OPTIONS", "-XX:+PrintFlagsFinal")
            .with("CLASSPATH", "/nonexistent")
            .without("JAVA_HOME")
            .without("LC_ALL")
            .without("LANG")
            .run();
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out()).doesNotContain("Picked up").doesNotContain("bool ");
  }

  @Test
  void theCacheIsUsedWhereTheFolderWasBuiltAndAfterAMove() throws Exception {
    for (Path home : List.of(Dist.home(), copy(temp.resolve("elsewhere")))) {
      assertThat(classesFromCache(home))
          .as("classes of ours from the cache of %s", home)
          .isPositive();
    }
  }

  /** JDK 25.0.0 to 25.0.3 do not notice by themselves that a jar was replaced. */
  @Test
  void aReplacedJarIsWhatRuns() throws Exception {
    Path home = copy(temp.resolve("patched"));
    Path jar;
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      jar =
          files
              .filter(f -> f.getFileName().toString().matches("ucode-[0-9.]+\\.jar"))
              .findFirst()
              .orElseThrow();
    }
    Path source = temp.resolve("Main.java");
    Files.writeString(
        source,
        """
        package dev.ucode;
        public final class Main {
          public static void main(String[] args) { System.out.println("the new code"); }
        }
        """);
    Path java = Path.of(System.getProperty("java.home"), "bin/javac");
    assertThat(Run.of(java, "-d", temp.resolve("classes"), source).run().code()).isZero();
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("dev/ucode/Main.class"));
      Files.copy(temp.resolve("classes/dev/ucode/Main.class"), zip);
    }
    for (FileTime time : List.of(Files.getLastModifiedTime(jar), FileTime.fromMillis(0))) {
      Files.setLastModifiedTime(jar, time);
      Run.Result result = Run.of(home.resolve("bin/ucode"), "--version").with("HOME", temp).run();
      assertThat(result.out()).isEqualTo("the new code\n");
      assertThat(result.err()).isEmpty();
    }
  }

  private static long classesFromCache(Path home) throws Exception {
    String launcher = Files.readString(home.resolve("bin/ucode"), StandardCharsets.UTF_8);
    // The same start, but that it tells where each class comes from.
    Path telling = home.resolve("bin/ucode-telling");
    Files.writeString(
        telling, launcher.replace("-Xlog:disable -Xlog:all=off", "-Xlog:class+load:stdout"));
    try {
      Run.Result result = Run.of("sh", telling, "--version").run();
      return result
          .out()
          .lines()
          .filter(line -> line.contains(" dev.ucode.") && line.contains("shared objects file"))
          .count();
    } finally {
      Files.delete(telling);
    }
  }

  /** As cp -a and tar do it: with the files' times. */
  private static Path copy(Path to) throws IOException, InterruptedException {
    assertThat(Run.of("cp", "-Rp", Dist.home(), to).run().code()).isZero();
    return to;
  }
}
