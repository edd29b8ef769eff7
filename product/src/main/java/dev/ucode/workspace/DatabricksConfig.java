package dev.ucode.workspace;

import dev.ucode.os.Environment;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of {@code ~/.databrickscfg}, the INI file that Databricks' tools share: {@code
 * [name]} and {@code key = value} lines. A profile has what its own section says and nothing of
 * {@code [DEFAULT]}, which is a profile like the others.
 *
 * @param file where it was read, or would be
 * @param profiles by name, in the file's order
 */
public record DatabricksConfig(Path file, Map<String, Profile> profiles) {
  /** Name of the profile meant where none is named. */
  public static final String DEFAULT = "DEFAULT";

  /**
   * One section.
   *
   * @param keys by lower-case name; may hold secrets: never printed
   */
  public record Profile(String name, Map<String, String> keys) {
    public Profile {
      keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** The value of that key unless it is missing or blank. */
    public @Nullable String get(String key) {
      String value = keys.get(key);
      return value == null || value.isBlank() ? null : value;
    }

    @Override
    public String toString() {
      return "profile " + name;
    }
  }

  public DatabricksConfig {
    profiles = Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
  }

  /**
   * Reads the file named by {@code DATABRICKS_CONFIG_FILE}, else the one in the home folder. None
   * there means no profiles.
   *
   * @throws UserException where it is broken; it says in which line
   */
  public static DatabricksConfig read(Environment env) {
    Path file = location(env);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new DatabricksConfig(file, Map.of());
    } catch (IOException e) {
      throw new UserException(
          Problem.failure("cannot read " + file, reason(e), "check its permissions"), e);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserException(
          Problem.failure(file + " is not UTF-8 text", null, "save it as UTF-8"), e);
    }
    return parse(file, text);
  }

  /**
   * The profile of that name.
   *
   * @throws UserException where there is none; it names those there are
   */
  public Profile profile(String name) {
    Profile profile = profiles.get(name);
    if (profile == null) {
      throw new UserException(
          Problem.failure(
              "no profile '" + name + "' in " + file,
              profiles.isEmpty()
                  ? "the file has no profiles"
                  : "it has: " + String.join(", ", profiles.keySet()),
              "add a section [" + name + "] with host and token, or name another profile"));
    }
    return profile;
  }

  private static Path location(Environment env) {
    String named = env.present("DATABRICKS_CONFIG_FILE");
    if (named == null) {
      return env.home().resolve(".databrickscfg");
    }
    return named.startsWith("~/") ? env.home().resolve(named.substring(2)) : Path.of(named);
  }

  static DatabricksConfig parse(Path file, String text) {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, Integer> begins = new LinkedHashMap<>();
    Map<String, String> section = null;
    String lastKey = null;
    List<String> lines = text.replaceFirst("^\uFEFF", "").lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String raw = lines.get(i);
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (!line.endsWith("]") || line.length() < 3) {
          throw broken(file, i, "a section's name must stand in brackets, like [DEFAULT]");
        }
        String name = line.substring(1, line.length() - 1).strip();
        Integer first = begins.putIfAbsent(name, i);
        if (first != null) {
          throw broken(file, i, "section [" + name + "] is there already, in line " + (first + 1));
        }
        section = new LinkedHashMap<>();
        sections.put(name, section);
        lastKey = null;
        continue;
      }
      if (section == null) {
        throw broken(file, i, "a value stands before the first [profile]");
      }
      boolean indented = Character.isWhitespace(raw.charAt(0));
      int equals = separator(line);
      if (equals <= 0) {
        // Python's reader, which the SDK uses, takes an indented line as more of the value above.
        if (indented && lastKey != null) {
          section.merge(lastKey, line, (above, more) -> above + "\n" + more);
          continue;
        }
        throw broken(file, i, "neither [profile] nor key = value");
      }
      lastKey = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      section.put(lastKey, line.substring(equals + 1).strip());
    }
    Map<String, Profile> profiles = new LinkedHashMap<>();
    sections.forEach((name, keys) -> profiles.put(name, new Profile(name, keys)));
    return new DatabricksConfig(file, profiles);
  }

  private static int separator(String line) {
    int equals = line.indexOf('=');
    int colon = line.indexOf(':');
    if (equals < 0 || colon < 0) {
      return Math.max(equals, colon);
    }
    return Math.min(equals, colon);
  }

  private static UserException broken(Path file, int index, String why) {
    // The line itself may hold a token, so only its number is shown.
    return new UserException(
        Problem.failure(
            file + " is broken in line " + (index + 1), why, "correct that line, then try again"));
  }

  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
