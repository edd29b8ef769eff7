import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Assembles the self-contained distribution: runtime, jars, scripts and the start-up cache.
 *
 * <p>A distribution is a folder named for the hash of all that went into it, {@code
 * versions/<hash>}, which never changes once it is there; {@code ucode-<version>} is a link to the
 * newest. So a start-up cache never meets jars it was not made from, and a program that is running
 * keeps the files it started with. The former one is kept, older ones are deleted.
 */
final class Assemble {
  /** What the code needs beyond what jdeps sees: TLS, name look-up, zip file systems. */
  private static final List<String> MORE_MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.naming",
          "java.net.http",
          "java.sql",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.unsupported",
          "jdk.zipfs");

  /**
   * Start fast, stay small, print nothing of the JVM's own; -MaxFDLimit and -CreateCoredump so that
   * children inherit the limits the person set and a crash leaves no core in a project's folder.
   */
  private static final List<String> JVM_FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:-MaxFDLimit",
          "-XX:-CreateCoredumpOnCrash",
          "-Xlog:disable",
          "-Xlog:all=off",
          "--enable-native-access=ALL-UNNAMED");

  /** What the build calls each module's output folder. */
  private static final String TARGET = System.getProperty("target", "target");

  private final Path jdk = Path.of(System.getProperty("java.home"));
  private final Path project;
  private final Path target;
  private final String version;
  private final boolean archive;
  private final List<Path> product;
  private final List<Path> sandbox;

  private Assemble(Path project, String version, boolean archive) throws IOException {
    this.project = project;
    this.target = project.resolve("dist").resolve(TARGET);
    this.version = version;
    this.archive = archive;
    this.product = classPath("product");
    this.sandbox = classPath("sandbox");
  }

  public static void main(String[] args) throws Exception {
    try {
      if (Runtime.version().feature() != 25) {
        throw new IllegalStateException("runs on Java " + Runtime.version() + ", not on 25");
      }
      new Assemble(Path.of(args[0]).toRealPath(), args[1], Boolean.parseBoolean(args[2])).run();
    } catch (IOException | IllegalStateException e) {
      System.err.println("[ERROR] the distribution could not be assembled: " + e);
      System.exit(1);
    }
  }

  private void run() throws Exception {
    String id = hash();
    Path versions = Files.createDirectories(target.resolve("versions"));
    Path done = versions.resolve(id);
    Path link = target.resolve("ucode-" + version);
    if (!Files.exists(done)) {
      Path stage = target.resolve("stage").resolve("ucode-" + version);
      delete(stage);
      Files.createDirectories(stage);
      fill(stage);
      Files.writeString(stage.resolve("lib/version"), version + "-" + id + "\n");
      Files.move(stage, done, ATOMIC_MOVE);
    }
    Path former = Files.exists(link) ? link.toRealPath() : done;
    if (!former.equals(done.toRealPath())) {
      try (Stream<Path> old = Files.list(versions)) {
        for (Path folder : old.toList()) {
          if (!folder.equals(done) && !folder.toRealPath().equals(former)) {
            delete(folder);
          }
        }
      }
    }
    Path temporary = target.resolve("ucode-" + version + ".link");
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, target.relativize(done));
    Files.move(temporary, link, ATOMIC_MOVE);
    if (archive) {
      archive(done, id);
    }
  }

  /** The jar of a module and those it needs at run time, as Maven resolved them. */
  private List<Path> classPath(String module) throws IOException {
    Path build = project.resolve(module).resolve(TARGET);
    var jars = new ArrayList<Path>();
    String jar = module.equals("product") ? "ucode" : "ucode-" + module;
    jars.add(build.resolve(jar + "-" + version + ".jar"));
    Stream.of(
            Files.readString(build.resolve("runtime.classpath")).strip().split(File.pathSeparator))
        .map(Path::of)
        .sorted(Comparator.comparing(Path::getFileName))
        .forEach(jars::add);
    return jars;
  }

  /** Over everything a distribution is made from, this program included. */
  private String hash() throws Exception {
    var inputs = new LinkedHashSet<Path>();
    inputs.addAll(product);
    inputs.addAll(sandbox);
    inputs.add(jdk.resolve("release"));
    inputs.add(project.resolve("build/Assemble.java"));
    inputs.addAll(files(project.resolve("dist/src/main")));
    inputs.add(project.resolve("LICENSE"));
    var digest = MessageDigest.getInstance("SHA-256");
    for (Path input : inputs) {
      if (Files.exists(input)) {
        digest.update(input.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(Files.readAllBytes(input));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 6);
  }

  private void fill(Path home) throws Exception {
    linkTree(runtime(), home.resolve("runtime"));
    Path lib = Files.createDirectories(home.resolve("lib"));
    Path sandboxLib = Files.createDirectories(lib.resolve("sandbox"));
    for (Path jar : product) {
      Path copy = Files.copy(jar, lib.resolve(jar.getFileName()), COPY_ATTRIBUTES);
      if (jar.equals(sqlite())) {
        dropNatives(copy);
      }
    }
    // The sandbox is a program of its own; jars that both need exist once.
    var sandboxPath = new ArrayList<String>();
    for (Path jar : sandbox) {
      if (product.contains(jar)) {
        sandboxPath.add("$_u_home/lib/" + jar.getFileName());
      } else {
        Files.copy(jar, sandboxLib.resolve(jar.getFileName()), COPY_ATTRIBUTES);
        sandboxPath.add("$_u_home/lib/sandbox/" + jar.getFileName());
      }
    }
    String library = extractSqlite(Files.createDirectories(lib.resolve("native")));
    Path license = project.resolve("LICENSE");
    if (Files.exists(license)) {
      Files.copy(license, home.resolve("LICENSE"));
    }
    String cache = "ucode.aot";
    Map<String, String> words =
        Map.of(
            "@JVM_FLAGS@",
            String.join(" ", JVM_FLAGS),
            "@CACHE_FLAG@",
            "-XX:AOTCache=",
            "@CACHE@",
            cache,
            "@CLASS_PATH@",
            product.stream()
                .map(jar -> "$_u_home/lib/" + jar.getFileName())
                .collect(Collectors.joining(":")),
            "@JARS@",
            product.stream()
                .map(jar -> jar.getFileName().toString())
                .collect(Collectors.joining(" ")),
            "@SANDBOX_CLASS_PATH@",
            String.join(":", sandboxPath),
            "@SQLITE_LIBRARY@",
            library,
            "@VERSION@",
            version);
    script("ucode", home.resolve("bin/ucode"), words);
    script("hook", home.resolve("libexec/hook"), Map.of());
    // Before the training: some JVMs keep the jars' times in the cache.
    FileTime now = FileTime.from(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    for (Path jar : product) {
      Files.setLastModifiedTime(lib.resolve(jar.getFileName()), now);
    }
    train(home, lib.resolve(cache));
    Files.setLastModifiedTime(lib.resolve(cache), now);
  }

  private void script(String name, Path to, Map<String, String> words) throws IOException {
    String text = Files.readString(project.resolve("dist/src/main/sh").resolve(name));
    for (var word : words.entrySet()) {
      text = text.replace(word.getKey(), word.getValue());
    }
    Files.createDirectories(to.getParent());
    Files.writeString(to, text);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * One run that touches what a start touches, and leaves its classes behind. It runs where and as
   * the real thing does; the cache survives that the folder moves afterwards.
   */
  private void train(Path home, Path cache) throws Exception {
    Path scratch = Files.createDirectories(target.resolve("training"));
    delete(scratch);
    Files.createDirectories(scratch);
    var command = new ArrayList<String>();
    command.add(home.resolve("runtime/bin/java").toString());
    command.addAll(JVM_FLAGS);
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-Ducode.home=" + home);
    command.add("-cp");
    command.add(
        product.stream()
            .map(jar -> home.resolve("lib").resolve(jar.getFileName()).toString())
            .collect(Collectors.joining(":")));
    command.add("dev.ucode.Main");
    command.add("--help");
    execute(scratch, command);
    if (!Files.exists(cache)) {
      throw new IllegalStateException("the training run left no cache at " + cache);
    }
  }

  /** The JDK's modules that are needed, linked once and kept for the next distribution. */
  private Path runtime() throws Exception {
    String modules = String.join(",", modules());
    List<String> options =
        List.of(
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive",
            "--add-modules",
            modules);
    var digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(jdk.resolve("release")));
    digest.update(options.toString().getBytes(StandardCharsets.UTF_8));
    // Outside of what a build variant calls its target, so that all variants share it.
    Path runtimes = Files.createDirectories(project.resolve("dist/target/runtimes"));
    Path runtime = runtimes.resolve(HexFormat.of().formatHex(digest.digest(), 0, 6));
    if (!Files.exists(runtime)) {
      Path temporary = runtimes.resolve("new-" + ProcessHandle.current().pid());
      delete(temporary);
      var command = new ArrayList<String>();
      command.add(jdk.resolve("bin/jlink").toString());
      command.addAll(options);
      command.add("--output");
      command.add(temporary.toString());
      execute(project, command);
      // For heaps of 32 GB and more, which we do not have: the ordinary start without it.
      try (Stream<Path> archives = Files.walk(temporary.resolve("lib"))) {
        for (Path file : archives.toList()) {
          String name = file.getFileName().toString();
          if (name.startsWith("classes_") && name.endsWith(".jsa")) {
            Files.delete(file);
          }
        }
      }
      try {
        Files.move(temporary, runtime, ATOMIC_MOVE);
      } catch (IOException another) {
        if (!Files.exists(runtime)) {
          throw another;
        }
        delete(temporary); // a build beside this one was first
      }
    }
    return runtime;
  }

  private TreeSet<String> modules() throws Exception {
    var modules = new TreeSet<>(MORE_MODULES);
    var jars = new LinkedHashSet<>(product);
    jars.addAll(sandbox);
    var command = new ArrayList<String>();
    command.add(jdk.resolve("bin/jdeps").toString());
    command.addAll(
        List.of("--ignore-missing-deps", "--multi-release", "25", "--print-module-deps"));
    jars.forEach(jar -> command.add(jar.toString()));
    // Warnings come first, the list is the last line.
    String list = execute(project, command).strip().lines().reduce("", (first, last) -> last);
    for (String module : list.split(",")) {
      if (!module.matches("(java|jdk)\\.[a-z.]+")) {
        throw new IllegalStateException("not a list of modules by jdeps: " + list);
      }
      modules.add(module);
    }
    modules.remove("java.desktop"); // 15 MB for java.beans annotations that databind looks for
    return modules;
  }

  private Path sqlite() {
    return product.stream()
        .filter(path -> path.getFileName().toString().startsWith("sqlite-jdbc-"))
        .findFirst()
        .orElseThrow();
  }

  /** Leaves out the libraries of twenty platforms: ours lies beside the jar. */
  private static void dropNatives(Path jar) throws IOException {
    Path small = jar.resolveSibling(jar.getFileName() + ".small");
    try (var in = new ZipFile(jar.toFile());
        var out = new ZipOutputStream(Files.newOutputStream(small))) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        if (!entry.getName().startsWith("org/sqlite/native/")) {
          var copy = new ZipEntry(entry.getName());
          copy.setLastModifiedTime(entry.getLastModifiedTime());
          out.putNextEntry(copy);
          in.getInputStream(entry).transferTo(out);
        }
      }
    }
    Files.move(small, jar, REPLACE_EXISTING);
  }

  /** Loading it from its own file spares unpacking it from the jar at every start. */
  private String extractSqlite(Path folder) throws IOException {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    boolean musl = !mac && Files.exists(Path.of("/lib/ld-musl-" + machine() + ".so.1"));
    String name = mac ? "libsqlitejdbc.dylib" : "libsqlitejdbc.so";
    String system = mac ? "Mac" : musl ? "Linux-Musl" : "Linux";
    try (var zip = FileSystems.newFileSystem(sqlite())) {
      Files.copy(zip.getPath("org/sqlite/native", system, machine(), name), folder.resolve(name));
    }
    return name;
  }

  private static String machine() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? "x86_64" : arch;
  }

  private void archive(Path done, String id) throws Exception {
    Path file = target.resolve("ucode-" + version + ".tar.gz");
    Path stamp = target.resolve("ucode-" + version + ".tar.gz.id");
    if (Files.exists(file) && Files.exists(stamp) && Files.readString(stamp).equals(id)) {
      return;
    }
    Files.deleteIfExists(stamp);
    Path stage = target.resolve("stage");
    delete(stage);
    linkTree(done, Files.createDirectories(stage).resolve("ucode-" + version));
    execute(stage, List.of("tar", "-czf", file.toString(), "ucode-" + version));
    delete(stage);
    Files.writeString(stamp, id);
  }

  private static String execute(Path folder, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IllegalStateException(String.join(" ", command) + "\n" + output);
    }
    return output;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** A copy that shares the files' content where the file system can: they never change. */
  private static void linkTree(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path source : walk.toList()) {
        Path copy = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else if (Files.isSymbolicLink(source)) {
          Files.copy(source, copy, LinkOption.NOFOLLOW_LINKS);
        } else {
          try {
            Files.createLink(copy, source);
          } catch (IOException | UnsupportedOperationException e) {
            Files.copy(source, copy, COPY_ATTRIBUTES);
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
