package dev.ucode.acceptance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Output without what differs from run to run: each such value becomes the name of its kind, and
 * where a kind has several values, they are told apart by a number in the order of their
 * appearance.
 */
final class Normal {
  private record Kind(String name, boolean numbered, Pattern pattern) {}

  /** In order: the longer and more special ones first. The last group, if any, is what is named. */
  private static final List<Kind> KINDS =
      List.of(
          kind(
              "time",
              false,
              "\\b\\d{4}-\\d\\d-\\d\\d[T"
                  + " ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?"),
          kind("date", false, "\\b\\d{4}-\\d\\d-\\d\\d\\b"),
          kind("clock", false, "\\b\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?\\b"),
          kind("uuid", true, "\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b"),
          kind("token", true, "\\bdapi[0-9a-f]{8,}\\b"),
          kind("hash", true, "\\b[0-9a-f]{64}\\b"),
          kind("trace", true, "\\b(?:tr-)?[0-9a-f]{32}\\b"),
          kind("span", true, "\\b[0-9a-f]{16}\\b"),
          kind("port", true, "(?:127\\.0\\.0\\.1|localhost|\\[::1]):(\\d{2,5})\\b"),
          kind("pid", true, "\\b(?:pid|process) (\\d+)\\b"),
          kind("duration", false, "\\b\\d+(?:[.,]\\d+)? ?(?:ns|µs|us|ms|s|min)\\b"));

  private final Map<Path, String> folders;
  private final String version;

  /**
   * @param folders absolute paths and what they are called
   * @param version the version under test, called {@code <version>}
   */
  Normal(Map<Path, String> folders, String version) {
    this.folders = Map.copyOf(folders);
    this.version = version;
  }

  String of(String text) {
    String normal = text;
    var paths = new ArrayList<>(folders.keySet());
    paths.sort((a, b) -> b.toString().length() - a.toString().length());
    for (Path path : paths) {
      normal = normal.replace(path.toString(), folders.get(path));
    }
    normal = normal.replace(version, "<version>");
    for (Kind kind : KINDS) {
      normal = replace(normal, kind);
    }
    return normal;
  }

  private static String replace(String text, Kind kind) {
    var names = new HashMap<String, String>();
    Matcher matcher = kind.pattern().matcher(text);
    var out = new StringBuilder();
    while (matcher.find()) {
      int group = matcher.groupCount();
      String value = matcher.group(group);
      String name =
          names.computeIfAbsent(
              value,
              v ->
                  kind.numbered()
                      ? "<" + kind.name() + " " + (names.size() + 1) + ">"
                      : "<" + kind.name() + ">");
      String whole = matcher.group();
      int at = matcher.start(group) - matcher.start();
      matcher.appendReplacement(
          out,
          Matcher.quoteReplacement(
              whole.substring(0, at) + name + whole.substring(at + value.length())));
    }
    matcher.appendTail(out);
    return out.toString();
  }

  private static Kind kind(String name, boolean numbered, String regex) {
    return new Kind(name, numbered, Pattern.compile(regex));
  }
}
