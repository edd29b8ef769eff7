package dev.ucode.redact;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value given to a name that says it is secret: {@code password=…}, {@code "api_key": "…"},
 * {@code --token …}, {@code <passwd>…</passwd>}, {@code export X_SECRET=…}. Sources and prose are
 * full of such names with no secret behind them, so the value is judged too: a reference, a type, a
 * call, a path, a sentence stays as it is.
 */
final class AssignmentRule implements Rule {
  /** What the value of a name may look like. */
  private enum Family {
    /** People choose these: hardly any value is ruled out. */
    PASSWORD,
    /** Machines make these: the value must look random. */
    KEY
  }

  private static final int MAX_VALUE = 512;
  private static final int MAX_NAME = 48;
  private static final int SPACES = 3;

  /** What comes before {@code key} in a name that holds one, and not a map's or a table's key. */
  private static final List<String> KEYS =
      List.of(
          "api",
          "access",
          "secret",
          "private",
          "account",
          "auth",
          "encryption",
          "signing",
          "master",
          "shared",
          "service",
          "storage",
          "client",
          "app",
          "webhook",
          "ssh",
          "deploy",
          "session",
          "subscription",
          "integration",
          "write",
          "admin");

  /** Tokens that are no secrets. */
  private static final Set<String> OTHER_TOKENS =
      Set.of(
          "next",
          "page",
          "pad",
          "eos",
          "bos",
          "unk",
          "sep",
          "cls",
          "mask",
          "max",
          "min",
          "continuation",
          "cancellation",
          "cancel",
          "per",
          "stop",
          "start",
          "end",
          "current");

  private static final List<String> WORDS =
      List.of("password", "passwd", "passphrase", "secret", "token", "credential");

  @Override
  public List<String> anchors() {
    return List.of(
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credential",
        "_key",
        "-key",
        "ikey",
        "skey",
        "tkey",
        "ekey",
        "gkey",
        "nkey",
        "rkey",
        "_pwd",
        "pwd=",
        "pwd:",
        "pwd\"",
        "_pat=",
        "_pat:");
  }

  @Override
  public @Nullable Found find(String text, int at) {
    int nameEnd = at;
    while (nameEnd < text.length() && nameEnd - at < MAX_NAME && isName(text.charAt(nameEnd))) {
      nameEnd++;
    }
    int valueSign = afterName(text, nameEnd);
    if (valueSign < 0) {
      return null;
    }
    int nameStart = at;
    while (nameStart > 0 && at - nameStart < MAX_NAME && isName(text.charAt(nameStart - 1))) {
      nameStart--;
    }
    boolean flag = nameStart < at && text.charAt(nameStart) == '-';
    while (nameStart < nameEnd && text.charAt(nameStart) == '-') {
      nameStart++;
    }
    if (text.startsWith("//", nameStart - 2)) {
      return null; // the user in an address
    }
    String name = text.substring(nameStart, nameEnd);
    Family family = family(name);
    boolean environment = isCapital(name);
    if (family == null && !environment) {
      return null;
    }
    return value(text, nameStart, nameEnd, valueSign, flag, family);
  }

  /** Whether a member of that name holds such a value as its whole text. */
  static boolean holdsSecret(String name, String value) {
    if (value.length() > MAX_VALUE || value.length() < 4) {
      return false;
    }
    Family family = family(name);
    return family != null
        && !Values.isReference(value, 0, value.length())
        && judge(value, 0, value.length(), family, true, false);
  }

  /** Where the sign between name and value is; a negative number if there is none. */
  private static int afterName(String text, int nameEnd) {
    int i = nameEnd;
    while (i < text.length() && text.charAt(i) == '\\') {
      i++;
    }
    if (i < text.length() && "\"'`".indexOf(text.charAt(i)) >= 0) {
      i++;
      if (i < text.length() && text.charAt(i) == ']') {
        i++;
      }
    }
    int spaces = i;
    while (i < text.length() && i - spaces <= SPACES && isBlank(text.charAt(i))) {
      i++;
    }
    if (i >= text.length()) {
      return -1;
    }
    return switch (text.charAt(i)) {
      case '=', ':', '>' -> i;
      default -> i > spaces ? i : -1; // a flag's value may follow a space
    };
  }

  private static @Nullable Found value(
      String text, int nameStart, int nameEnd, int sign, boolean flag, @Nullable Family family) {
    int i = sign;
    char c = text.charAt(i);
    boolean tight = false;
    if (c == '=' || c == ':') {
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      if (next == c || next == '~' || (c == ':' && next == '/')) {
        return null;
      }
      tight = c == '=' && i == nameEnd;
      i += (c == ':' && next == '=') || (c == '=' && next == '>') ? 2 : 1;
    } else if (c == '>') {
      if (nameStart == 0 || text.charAt(nameStart - 1) != '<') {
        return null;
      }
      tight = true;
      i++;
    } else if (flag && family != null && c != '-') {
      tight = true;
    } else {
      return null;
    }
    int blanks = i;
    while (i < text.length() && i - blanks <= SPACES && isBlank(text.charAt(i))) {
      i++;
    }
    tight &= i == blanks;
    return judged(text, nameStart, i, tight, flag, family, isCapital(text, nameStart, nameEnd));
  }

  private static @Nullable Found judged(
      String text,
      int nameStart,
      int start,
      boolean tight,
      boolean flag,
      @Nullable Family family,
      boolean environment) {
    int from = start;
    while (from < text.length() && text.charAt(from) == '\\') {
      from++;
    }
    char quote = from < text.length() ? text.charAt(from) : ' ';
    boolean quoted = quote == '"' || quote == '\'' || quote == '`';
    int to;
    if (quoted) {
      from++;
      to = closing(text, from, quote);
    } else {
      from = start;
      to = runEnd(text, from);
    }
    if (to - from < 4 || Values.isReference(text, from, to)) {
      return afterType(text, from, to, nameStart, family, environment, quoted);
    }
    char next = to < text.length() ? text.charAt(to) : ' ';
    if (!quoted && (next == '(' || next == '[' || next == '{')) {
      return null;
    }
    boolean secret;
    if (family == null) {
      secret = environment && to - from >= 20 && Values.isRandom(text, from, to);
    } else {
      boolean argument = !quoted && tight && !environment && !flag && isArgument(text, nameStart);
      secret = judge(text, from, to, family, quoted || (tight && !argument), tight && environment);
    }
    return secret
        ? new Found("secret", from, to)
        : afterType(text, from, to, nameStart, family, environment, quoted);
  }

  /** {@code token: str = "…"}: what was found is the value's type, and the value comes next. */
  private static @Nullable Found afterType(
      String text,
      int from,
      int to,
      int nameStart,
      @Nullable Family family,
      boolean environment,
      boolean quoted) {
    if (quoted || family == null || Values.hasDigit(text, from, to)) {
      return null;
    }
    int i = to;
    while (i < text.length() && i - to <= SPACES && isBlank(text.charAt(i))) {
      i++;
    }
    if (i == to || i + 1 >= text.length() || text.charAt(i) != '=' || text.charAt(i + 1) == '=') {
      return null;
    }
    int value = i + 1;
    while (value < text.length() && value - i <= SPACES && isBlank(text.charAt(value))) {
      value++;
    }
    boolean literal = value < text.length() && "\"'`".indexOf(text.charAt(value)) >= 0;
    return literal ? judged(text, nameStart, value, false, false, family, environment) : null;
  }

  /**
   * @param firm whether the place leaves no doubt that this is a value and not code or prose
   * @param environment whether it stands in an environment assignment
   */
  private static boolean judge(
      String text, int from, int to, Family family, boolean firm, boolean environment) {
    if (Values.hasSpace(text, from, to) || isPath(text, from, to)) {
      return false;
    }
    int length = to - from;
    boolean digit = Values.hasDigit(text, from, to);
    if (family == Family.PASSWORD) {
      if (firm) {
        return length >= 4 && (environment || digit || !Values.isCode(text, from, to));
      }
      return length >= 6
          && text.indexOf('/', from, to) < 0
          && !Values.isCode(text, from, to)
          && (digit || hasSymbol(text, from, to))
          && Values.hasLetter(text, from, to);
    }
    return length >= 8
        && Values.hasLetter(text, from, to)
        && Values.isRandom(text, from, to)
        && (firm || !isNames(text, from, to));
  }

  /** A name's family; null where it does not speak of a secret. */
  private static @Nullable Family family(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && (Values.isDigit(lower.charAt(end - 1)) || lower.charAt(end - 1) == '_')) {
      end--;
    }
    lower = lower.substring(0, end);
    if (lower.endsWith("secret_key_base")) {
      return Family.KEY;
    }
    if (lower.endsWith("password") || lower.endsWith("passwd") || lower.endsWith("passphrase")) {
      return Family.PASSWORD;
    }
    if (lower.endsWith("pwd")) {
      return lower.equals("oldpwd") || name.equals("PWD") ? null : Family.PASSWORD;
    }
    if (lower.endsWith("secret") || lower.endsWith("credential") || lower.endsWith("_pat")) {
      return Family.KEY;
    }
    if (lower.endsWith("token")) {
      String before = trimmed(lower.substring(0, lower.length() - "token".length()));
      return OTHER_TOKENS.stream().anyMatch(before::endsWith) ? null : Family.KEY;
    }
    if (lower.endsWith("key")) {
      String before = trimmed(lower.substring(0, lower.length() - "key".length()));
      return KEYS.stream().anyMatch(before::endsWith) ? Family.KEY : null;
    }
    return null;
  }

  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && "_-.".indexOf(name.charAt(end - 1)) >= 0) {
      end--;
    }
    return name.substring(0, end);
  }

  private static boolean isCapital(String name) {
    return isCapital(name, 0, name.length());
  }

  /** An environment variable's name that holds one of the words, perhaps not at its end. */
  private static boolean isCapital(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= 'A' && c <= 'Z') && !Values.isDigit(c) && c != '_') {
        return false;
      }
    }
    return to - from >= 3;
  }

  /** Whether the name is an argument within a call: {@code connect(user, password=pw)}. */
  private static boolean isArgument(String text, int nameStart) {
    int i = nameStart - 1;
    while (i >= 0 && Character.isWhitespace(text.charAt(i))) {
      i--;
    }
    return i >= 0 && (text.charAt(i) == '(' || text.charAt(i) == ',');
  }

  private static int closing(String text, int from, char quote) {
    int limit = Math.min(text.length(), from + MAX_VALUE);
    for (int i = from; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        return from; // not a value on one line
      }
      if (c == quote) {
        int to = i;
        while (to > from && text.charAt(to - 1) == '\\') {
          to--;
        }
        return to;
      }
    }
    return limit == text.length() ? runEnd(text, from) : from;
  }

  private static int runEnd(String text, int from) {
    int i = from;
    while (i < text.length() && i - from < MAX_VALUE) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || ",;&|<>()[]{}\"'`".indexOf(c) >= 0) {
        break;
      }
      if (c == '\\' && i + 1 < text.length() && "nrt\"'\\".indexOf(text.charAt(i + 1)) >= 0) {
        break;
      }
      i++;
    }
    while (i > from && ".:!?".indexOf(text.charAt(i - 1)) >= 0) {
      i--;
    }
    return i;
  }

  /** Only names joined by dots, where a digit may be part of a name. */
  private static boolean isNames(String text, int from, int to) {
    boolean start = true;
    boolean dotted = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        dotted = true;
        start = true;
      } else if (!Values.isWord(c) || (start && Values.isDigit(c))) {
        return false;
      } else {
        start = false;
      }
    }
    return dotted || WORDS.stream().anyMatch(text.substring(from, to)::startsWith);
  }

  private static boolean isPath(String text, int from, int to) {
    char c = text.charAt(from);
    if (c != '/' && c != '.' && c != '~') {
      return false;
    }
    for (int i = from; i < to; i++) {
      c = text.charAt(i);
      if (!Values.isWord(c) && "./~-@".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasSymbol(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Values.isWord(c) && "-./:".indexOf(c) < 0 && c < 128) {
        return true;
      }
    }
    return false;
  }

  private static boolean isName(char c) {
    return Values.isWord(c) || c == '-';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
