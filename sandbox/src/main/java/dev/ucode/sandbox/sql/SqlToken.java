package dev.ucode.sandbox.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A token of Databricks SQL, normalised so that two texts with the same meaning have equal tokens:
 * white space and comments are gone, words are in lower case, quoted identifiers are words.
 *
 * @param text the word in lower case, the string literal's value, the number or symbol as written
 */
record SqlToken(Kind kind, String text) {

  enum Kind {
    WORD,
    STRING,
    NUMBER,
    SYMBOL
  }

  /** A text that cannot be cut into tokens: an open string, comment or quoted identifier. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  /** Cuts a statement into tokens, without a semicolon at its end. */
  static List<SqlToken> of(String sql) throws Unreadable {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        if (end < 0) {
          throw new Unreadable("a comment is not closed");
        }
        at = end + 2;
      } else if (c == '\'' || c == '"') {
        at = string(sql, at, tokens);
      } else if (c == '`') {
        at = quotedWord(sql, at, tokens);
      } else if (Character.isDigit(c)) {
        int end = at;
        while (end < sql.length()
            && (Character.isDigit(sql.charAt(end)) || sql.charAt(end) == '.')) {
          end++;
        }
        tokens.add(new SqlToken(Kind.NUMBER, sql.substring(at, end)));
        at = end;
      } else if (Character.isLetter(c) || c == '_') {
        int end = at;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
          end++;
        }
        tokens.add(new SqlToken(Kind.WORD, sql.substring(at, end).toLowerCase(Locale.ROOT)));
        at = end;
      } else {
        tokens.add(new SqlToken(Kind.SYMBOL, String.valueOf(c)));
        at++;
      }
    }
    while (!tokens.isEmpty() && tokens.getLast().isSymbol(";")) {
      tokens.removeLast();
    }
    return List.copyOf(tokens);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** A string literal; a backslash takes the next character as it is. */
  private static int string(String sql, int from, List<SqlToken> tokens) throws Unreadable {
    char quote = sql.charAt(from);
    StringBuilder value = new StringBuilder();
    for (int at = from + 1; at < sql.length(); at++) {
      char c = sql.charAt(at);
      if (c == '\\' && at + 1 < sql.length()) {
        value.append(sql.charAt(++at));
      } else if (c == quote) {
        tokens.add(new SqlToken(Kind.STRING, value.toString()));
        return at + 1;
      } else {
        value.append(c);
      }
    }
    throw new Unreadable("a string literal is not closed");
  }

  /** An identifier in back ticks; two of them stand for one. */
  private static int quotedWord(String sql, int from, List<SqlToken> tokens) throws Unreadable {
    StringBuilder value = new StringBuilder();
    int at = from + 1;
    while (at < sql.length()) {
      if (sql.charAt(at) != '`') {
        value.append(sql.charAt(at++));
      } else if (sql.startsWith("``", at)) {
        value.append('`');
        at += 2;
      } else {
        tokens.add(new SqlToken(Kind.WORD, value.toString().toLowerCase(Locale.ROOT)));
        return at + 1;
      }
    }
    throw new Unreadable("a quoted identifier is not closed");
  }
}
