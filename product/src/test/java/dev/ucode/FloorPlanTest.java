package dev.ucode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ucode.Rooms.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every package says in one sentence what it is for, and {@code ARCHITECTURE.md} shows those
 * sentences: the table is written from them by this test, so it cannot rot.
 */
class FloorPlanTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVADOC = Pattern.compile("(?s)^/\\*\\*(.*?)\\*/\\s*@NullMarked\\s");
  private static final String BEGIN = "<!-- rooms: written by FloorPlanTest -->";
  private static final String END = "<!-- /rooms -->";

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    var violations = new TreeSet<String>();
    for (String module : List.of("product", "sandbox")) {
      for (Path folder : packages(ROOT.resolve(module).resolve("src/main/java"))) {
        String name = ROOT.relativize(folder).toString();
        String sentence = sentence(folder);
        if (sentence.isEmpty()) {
          violations.add(name + ": package-info.java must be a Javadoc, then @NullMarked");
        } else if (!sentence.matches("[^.]+(\\.\\S[^.]*)*\\.")) {
          violations.add(name + ": not exactly one sentence: " + sentence);
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void architectureShowsTheRooms() throws IOException {
    Path document = ROOT.resolve("ARCHITECTURE.md");
    String text = Files.readString(document);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    assertThat(from).as("marker '%s' in %s", BEGIN, document).isNotNegative();
    assertThat(to).as("marker '%s' in %s", END, document).isGreaterThan(from);
    String updated = text.substring(0, from + BEGIN.length()) + "\n" + table() + text.substring(to);
    if (!updated.equals(text)) {
      Files.writeString(document, updated);
      fail("the table of rooms in ARCHITECTURE.md was out of date; it is written now: commit it");
    }
  }

  private static String table() throws IOException {
    record Row(Room room, String sentence) {}
    var rows = new ArrayList<Row>();
    Path sources = ROOT.resolve("product/src/main/java");
    for (Path folder : packages(sources)) {
      String name = sources.relativize(folder).toString().replace('/', '.');
      Room room = Rooms.of(name).orElse(null);
      if (room != null) { // ArchitectureTest reports the others
        rows.add(new Row(room, sentence(folder)));
      }
    }
    rows.sort(
        Comparator.comparingInt((Row row) -> -row.room().layer())
            .thenComparing(row -> row.room().name()));
    var table = new StringBuilder("| layer | room | what it is for |\n|---|---|---|\n");
    for (Row row : rows) {
      table.append(
          "| %d %s | `%s` | %s |\n"
              .formatted(
                  row.room().layer(),
                  layerName(row.room().layer()),
                  row.room().packageName(),
                  markdown(row.sentence())));
    }
    return table.toString();
  }

  private static String layerName(int layer) {
    return List.of("ground", "domain", "ports", "features", "faces", "root").get(layer);
  }

  /** Javadoc's inline tags as Markdown code. */
  private static String markdown(String sentence) {
    return sentence.replaceAll("\\{@(?:code|link) ([^}]*)}", "`$1`").replace("|", "\\|");
  }

  private static String sentence(Path folder) throws IOException {
    if (!Files.exists(folder.resolve("package-info.java"))) {
      return "";
    }
    Matcher javadoc = JAVADOC.matcher(Files.readString(folder.resolve("package-info.java")));
    if (!javadoc.find()) {
      return "";
    }
    return javadoc.group(1).replaceAll("\\n\\s*\\*", " ").replaceAll("\\s+", " ").strip();
  }

  private static List<Path> packages(Path sources) throws IOException {
    var folders = new TreeSet<Path>();
    try (var walk = Files.walk(sources)) {
      walk.filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> folders.add(file.resolveSibling("")));
    }
    return folders.stream().map(Path::normalize).toList();
  }
}
