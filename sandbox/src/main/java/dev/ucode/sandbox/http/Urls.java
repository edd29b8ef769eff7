package dev.ucode.sandbox.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of paths, queries and forms. */
final class Urls {
  private Urls() {}

  /** A path segment decoded; unlike in a form, a plus sign is a plus sign. */
  static String decodePath(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      throw ApiException.badRequest("The path holds a broken percent escape: " + raw);
    }
  }

  /** A query or form, names in order of first appearance. */
  static Map<String, List<String>> decodeForm(@Nullable String raw) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return found;
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      try {
        found
            .computeIfAbsent(
                URLDecoder.decode(name, StandardCharsets.UTF_8), _ -> new ArrayList<>())
            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException badEscape) {
        throw ApiException.badRequest("Broken percent escape: " + pair);
      }
    }
    return found;
  }
}
