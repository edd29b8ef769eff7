package dev.ucode.sandbox.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One method and path, and who answers.
 *
 * @param pattern segments as in {@code /api/2.0/sql/warehouses/{id}/start}; {@code {name}} takes
 *     one segment or, with a literal after it as in {@code {id}:link}, its beginning; a last
 *     segment {@code {name*}} takes the rest, slashes and all. Segments are matched still encoded
 *     and handed over decoded.
 */
public record Route(String method, String pattern, Access access, Handler handler) {

  /** The path parameters if this route's pattern fits the raw path, else null. */
  @Nullable Map<String, String> match(String rawPath) {
    List<String> wanted = segments(pattern);
    List<String> given = segments(rawPath);
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String want = wanted.get(i);
      if (want.endsWith("*}")) {
        String rest = String.join("/", given.subList(Math.min(i, given.size()), given.size()));
        found.put(want.substring(1, want.length() - 2), Urls.decodePath(rest));
        return found;
      }
      if (i >= given.size() || !matchSegment(want, given.get(i), found)) {
        return null;
      }
    }
    return given.size() == wanted.size() ? found : null;
  }

  /** How many segments are literal: of two patterns that fit, the more literal one answers. */
  int literalSegments() {
    return (int) segments(pattern).stream().filter(s -> !s.startsWith("{")).count();
  }

  private static boolean matchSegment(String want, String given, Map<String, String> found) {
    if (!want.startsWith("{")) {
      return want.equals(given);
    }
    int close = want.indexOf('}');
    String suffix = want.substring(close + 1);
    if (given.length() <= suffix.length() || !given.endsWith(suffix)) {
      return false;
    }
    String value = given.substring(0, given.length() - suffix.length());
    found.put(want.substring(1, close), Urls.decodePath(value));
    return true;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    int from = path.startsWith("/") ? 1 : 0;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      segments.add(path.substring(from, slash));
    }
    segments.add(path.substring(from));
    return segments;
  }
}
