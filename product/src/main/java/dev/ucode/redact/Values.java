package dev.ucode.redact;

import java.util.Locale;
import java.util.Set;

/** Judges a piece of text that stands where a secret would: is it one, or only a name for one? */
final class Values {
  private static final Set<String> WORDS =
      Set.of(
          "true",
          "false",
          "null",
          "none",
          "nil",
          "undefined",
          "string",
          "str",
          "int",
          "integer",
          "number",
          "boolean",
          "bool",
          "bytes",
          "object",
          "any",
          "optional",
          "required",
          "yes",
          "no",
          "on",
          "off",
          "empty",
          "unset",
          "redacted",
          "hidden",
          "masked",
          "secret",
          "password",
          "passwd",
          "token",
          "changeme",
          "placeholder",
          "example",
          "default",
          "text",
          "varchar",
          "bearer",
          "basic",
          "char",
          "self",
          "this",
          "function",
          "async",
          "await",
          "return",
          "lambda",
          "const",
          "prompt",
          "input",
          "invalid",
          "missing",
          "incorrect",
          "expired");

  private Values() {}

  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Whether a word may start here: at the beginning, after a character that is no part of a word,
   * and after what only looks like one: an escape ({@code \n}), a percent code, a colour code.
   */
  static boolean startsWord(String text, int at) {
    if (at == 0 || !isWord(text.charAt(at - 1))) {
      return true;
    }
    char before = text.charAt(at - 1);
    if (at >= 2 && text.charAt(at - 2) == '\\' && "nrtbf".indexOf(before) >= 0) {
      return true;
    }
    if (at >= 3 && text.charAt(at - 3) == '%') {
      return isHex(text.charAt(at - 2)) && isHex(before);
    }
    if (before == 'm') {
      int i = at - 2;
      while (i >= 0 && (isDigit(text.charAt(i)) || text.charAt(i) == ';')) {
        i--;
      }
      return i >= 1 && text.charAt(i) == '[' && text.charAt(i - 1) == '\u001b';
    }
    return false;
  }

  private static boolean isHex(char c) {
    return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
  }

  /** Whether the text refers to a secret kept elsewhere, or is a mark or filler already. */
  static boolean isReference(String text, int from, int to) {
    if (Marks.isAt(text, from)) {
      return true;
    }
    char first = text.charAt(from);
    if (first == '$' || first == '{' || first == '<' || first == '%' || first == '#') {
      return true;
    }
    String value = text.substring(from, to);
    if (value.contains("${") || value.contains("{{") || value.contains("$(")) {
      return true;
    }
    char[] seen = new char[1];
    if (value.chars().allMatch(c -> c == '*' || c == '.' || c == '…' || c == '•' || c == '-')) {
      return true;
    }
    seen[0] = Character.toLowerCase(first);
    if ((seen[0] == 'x') && value.chars().allMatch(c -> Character.toLowerCase(c) == 'x')) {
      return true;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    return WORDS.contains(lower) || lower.startsWith("your-") || lower.startsWith("your_");
  }

  /** Whether it reads as code: a name, or names joined by dots, without a single digit. */
  static boolean isCode(String text, int from, int to) {
    boolean dotted = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        dotted = true;
      } else if (!isWord(c) || isDigit(c)) {
        return false;
      }
    }
    return dotted;
  }

  static boolean hasDigit(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (isDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  static boolean hasLetter(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isLetter(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  static boolean hasSpace(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the text looks as if no person had thought of it: letters and digits mixed, or small
   * and capital letters in a long run. Paths, URLs, dates, hashes of a kind that are no secrets
   * (uuids, git and SHA sums) are not.
   */
  static boolean isRandom(String text, int from, int to) {
    int letters = 0;
    int digits = 0;
    int upper = 0;
    int slashes = 0;
    boolean hex = true;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        digits++;
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
        letters++;
        if (c < 'a') {
          upper++;
        }
        hex = hex && isHex(c);
      } else if (c == '/') {
        slashes++;
        hex = false;
      } else if (c != '-') {
        hex = false;
      }
    }
    int length = to - from;
    if (slashes > 2 || text.charAt(from) == '/' || text.charAt(from) == '.') {
      return false;
    }
    if (hex && length == 36 && text.charAt(from + 8) == '-') {
      return false;
    }
    if (digits > 0 && letters > 0) {
      return true;
    }
    return length >= 20 && upper > 0 && upper < letters;
  }
}
