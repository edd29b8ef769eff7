package dev.ucode.workspace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the newest model of each of Claude's families among the ids a gateway lists, such as
 * {@code system.ai.claude-opus-4-8} or {@code databricks-claude-sonnet-4-20250514}.
 */
public final class ClaudeFamilies {
  /** In the order in which a default model is looked for, the costliest one last. */
  public static final List<String> ALL = List.of("opus", "sonnet", "haiku", "fable");

  /** A number this long is the date of a release, not a part of its version. */
  private static final int DATE_DIGITS = 6;

  private ClaudeFamilies() {}

  /** Family to the id of its newest model, for the families there are. */
  public static Map<String, String> newest(List<String> ids) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (String family : ALL) {
      List<Version> versions = new ArrayList<>();
      for (String id : ids) {
        Version version = Version.of(id, family);
        if (version != null) {
          versions.add(version);
        }
      }
      versions.stream().max(Version.ORDER).ifPresent(best -> chosen.put(family, best.id()));
    }
    return chosen;
  }

  /**
   * An id taken apart.
   *
   * @param numbers the version, {@code 4-8} as [4, 8]
   * @param date of the release, 0 where the id has none
   * @param plain whether nothing else follows (a variant such as {@code -fast} is not)
   */
  public record Version(String id, List<Integer> numbers, long date, boolean plain) {
    static final Comparator<Version> ORDER =
        Comparator.comparing(Version::numbers, Version::compare)
            .thenComparing(Version::plain)
            .thenComparingLong(Version::date)
            // The same model under two names: the shorter, then the first of the alphabet.
            .thenComparingInt(v -> -v.id().length())
            .thenComparing(Version::id, Comparator.reverseOrder());

    /** The version of an id of that family, or null where it is of another. */
    public static @Nullable Version of(String id, String family) {
      Matcher matcher =
          Pattern.compile("(?:^|[^a-z0-9])claude-" + Pattern.quote(family) + "-(.+)$").matcher(id);
      if (!matcher.find()) {
        return null;
      }
      List<Integer> numbers = new ArrayList<>();
      long date = 0;
      boolean plain = true;
      for (String part : matcher.group(1).split("[-.]", -1)) {
        if (!part.matches("\\d{1,12}")) {
          plain = false;
        } else if (part.length() >= DATE_DIGITS) {
          date = Long.parseLong(part);
        } else if (plain && date == 0) {
          numbers.add(Integer.valueOf(part));
        }
      }
      return new Version(id, List.copyOf(numbers), date, plain);
    }

    /** Like version numbers: a missing part counts as 0. */
    public static int compare(List<Integer> a, List<Integer> b) {
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        int difference = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
        if (difference != 0) {
          return difference;
        }
      }
      return 0;
    }
  }
}
