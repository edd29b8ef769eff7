package dev.ucode.sandbox.mlflow;

import dev.ucode.sandbox.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word of a search filter. */
record Token(Kind kind, String text) {
  enum Kind {
    /** A name, with dots and quoted parts, or a keyword. */
    WORD,
    /** A quoted value; the text is without its quotes. */
    STRING,
    NUMBER,
    SYMBOL
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          """
          \\s*(?:
            (?<word>[A-Za-z_][\\w-]*(?:\\.(?:`[^`]*`|"[^"]*"|[\\w/-]+))*|`[^`]*`)
          | '(?<single>(?:[^']|'')*)'
          | "(?<double>[^"]*)"
          | (?<number>-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)
          | (?<symbol>!=|<>|<=|>=|[=<>(),])
          )\
          """,
          Pattern.COMMENTS);

  /**
   * The tokens of a filter.
   *
   * @throws ApiException 400 where something is no token
   */
  static List<Token> split(String text) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (!text.substring(at).isBlank()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw ApiException.invalid(
            "Invalid filter string: '" + text + "', at " + text.substring(at));
      }
      tokens.add(token(matcher));
      at = matcher.end();
    }
    return tokens;
  }

  private static Token token(Matcher matcher) {
    if (matcher.group("word") != null) {
      return new Token(Kind.WORD, matcher.group("word"));
    }
    if (matcher.group("single") != null) {
      return new Token(Kind.STRING, matcher.group("single").replace("''", "'"));
    }
    if (matcher.group("double") != null) {
      return new Token(Kind.STRING, matcher.group("double"));
    }
    if (matcher.group("number") != null) {
      return new Token(Kind.NUMBER, matcher.group("number"));
    }
    return new Token(Kind.SYMBOL, matcher.group("symbol"));
  }
}
