package dev.ucode.history;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a call was about, from its input. */
final class Labels {
  /** Members of an input that say it best, the best first. */
  private static final List<String> TELLING =
      List.of(
          "command",
          "file_path",
          "notebook_path",
          "path",
          "pattern",
          "url",
          "query",
          "description",
          "prompt",
          "skill");

  private Labels() {}

  /** Empty where nothing in it says so. */
  static String of(Json input) {
    for (String name : TELLING) {
      String text = input.text(name);
      if (text != null && !text.isBlank()) {
        return text;
      }
    }
    return "";
  }

  /** The same from the beginning of an input's JSON text. */
  static String of(String beginning) {
    try {
      return of(JsonReader.parse(beginning));
    } catch (JsonSyntaxException cut) {
      for (String name : TELLING) {
        Matcher member =
            Pattern.compile("\"" + name + "\" *: *\"((?:[^\"\\\\]|\\\\.)*+)").matcher(beginning);
        if (member.find()) {
          return unescaped(member.group(1));
        }
      }
      return "";
    }
  }

  private static String unescaped(String literal) {
    try {
      String text = JsonReader.parse("\"" + literal + "\"").asText();
      return text == null ? "" : text;
    } catch (JsonSyntaxException cutWithinAnEscape) {
      return "";
    }
  }
}
