import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks ({@code check}) or rewrites ({@code fix}) every Java file of the tree with
 * google-java-format. Files whose content passed before are remembered by their hash in {@code
 * target/format.ok}, so that an unchanged tree costs no formatting.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean fix = args[0].equals("fix");
    Path root = Path.of(args[1]).toAbsolutePath().normalize();
    String formatter = args[2]; // its version: a new formatter asks again about every file
    Path memory = root.resolve("target/format.ok");
    var passed = new TreeSet<String>();
    if (Files.exists(memory)) {
      passed.addAll(Files.readAllLines(memory));
    }
    var todo = new TreeMap<Path, String>();
    for (Path file : javaFiles(root)) {
      String hash = hash(formatter, file);
      if (!passed.contains(hash)) {
        todo.put(file, hash);
      }
    }
    if (todo.isEmpty()) {
      return;
    }
    var command = new ArrayList<String>();
    if (fix) {
      command.add("--replace");
    } else {
      command.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    }
    todo.keySet().forEach(file -> command.add(file.toString()));
    var out = new StringWriter();
    var err = new StringWriter();
    int code;
    int round = 0;
    boolean changed;
    do {
      code =
          new Main(new PrintWriter(out), new PrintWriter(err), InputStream.nullInputStream())
              .format(command.toArray(String[]::new));
      // The formatter breaks some long strings otherwise the second time.
      changed = false;
      for (var file : todo.entrySet()) {
        String now = hash(formatter, file.getKey());
        changed |= !now.equals(file.setValue(now));
      }
    } while (fix && changed && err.toString().isBlank() && ++round < 5);
    if (!err.toString().isBlank()) {
      err.toString().lines().forEach(line -> System.err.println("[ERROR] " + line));
      System.exit(1);
    }
    if (!fix && code != 0) {
      System.err.println("[ERROR] not formatted by google-java-format (run: build/format):");
      out.toString()
          .lines()
          .forEach(file -> System.err.println("[ERROR]   " + root.relativize(Path.of(file))));
      System.exit(1);
    }
    for (Path file : todo.keySet()) {
      passed.add(hash(formatter, file));
    }
    Files.createDirectories(memory.getParent());
    Files.write(memory, passed);
  }

  /** The tree's own Java files: {@code <module>/src/**} and {@code build/}, never build output. */
  private static List<Path> javaFiles(Path root) throws IOException {
    var files = new ArrayList<Path>();
    try (var top = Files.list(root)) {
      for (Path module : top.sorted().toList()) {
        Path sources = module.endsWith("build") ? module : module.resolve("src");
        if (Files.isDirectory(sources)) {
          try (var walk = Files.walk(sources)) {
            walk.filter(f -> f.toString().endsWith(".java") && Files.isRegularFile(f))
                .sorted()
                .forEach(files::add);
          }
        }
      }
    }
    return files;
  }

  private static String hash(String formatter, Path file) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    digest.update(formatter.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }
}
