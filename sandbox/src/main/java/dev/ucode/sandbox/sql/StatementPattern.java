package dev.ucode.sandbox.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recognises a statement of the list in whatever a client sends: white space, comments, the case of
 * words and the quoting of identifiers do not matter; the table prefix and the number after LIMIT
 * may be others.
 */
final class StatementPattern {
  private static final String PREFIX = "ucode";

  private final List<Part> parts;

  /** What a place of the pattern accepts. */
  private sealed interface Part {
    record Exactly(SqlToken token) implements Part {}

    record Table(String suffix) implements Part {}

    record Limit() implements Part {}
  }

  /**
   * A recognised statement's variables.
   *
   * @param prefix catalog, schema and table prefix in lower case; empty for a statement without one
   * @param limit the number after LIMIT, or empty
   */
  record Match(Optional<TablePrefix> prefix, Optional<Long> limit) {}

  /** What the names of an experiment's tables have in common, in lower case. */
  record TablePrefix(String catalog, String schema, String prefix) {}

  /** How far a text agrees with this pattern. */
  record Agreement(int tokens, String expected, String found) {}

  StatementPattern(List<SqlToken> tokens) {
    List<Part> found = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (isTableName(tokens, i)) {
        String suffix = tokens.get(i + 4).text().substring(PREFIX.length());
        found.add(new Part.Table(suffix));
        i += 4;
      } else if (i > 0
          && tokens.get(i - 1).isWord("limit")
          && tokens.get(i).kind() == SqlToken.Kind.NUMBER) {
        found.add(new Part.Limit());
      } else {
        found.add(new Part.Exactly(tokens.get(i)));
      }
    }
    parts = List.copyOf(found);
  }

  /** The variables if these tokens are this statement. */
  Optional<Match> match(List<SqlToken> tokens) {
    Walk walk = new Walk(tokens);
    return walk.whole() ? Optional.of(new Match(walk.prefix, walk.limit)) : Optional.empty();
  }

  /** Where these tokens stop being this statement. */
  Agreement agreement(List<SqlToken> tokens) {
    Walk walk = new Walk(tokens);
    boolean whole = walk.whole();
    String expected =
        whole || walk.part == parts.size()
            ? "the end"
            : switch (parts.get(walk.part)) {
              case Part.Exactly(SqlToken token) -> "'" + token.text() + "'";
              case Part.Table(String suffix) ->
                  "a table <catalog>.<schema>.<prefix>" + suffix + ", the same throughout";
              case Part.Limit() -> "a whole number";
            };
    String found = walk.at < tokens.size() ? "'" + tokens.get(walk.at).text() + "'" : "the end";
    return new Agreement(walk.at, expected, found);
  }

  private static boolean isTableName(List<SqlToken> tokens, int at) {
    return at + 4 < tokens.size()
        && tokens.get(at).isWord("main")
        && tokens.get(at + 1).isSymbol(".")
        && tokens.get(at + 2).isWord("traces")
        && tokens.get(at + 3).isSymbol(".")
        && tokens.get(at + 4).text().startsWith(PREFIX);
  }

  /** One attempt to walk the pattern and a text together. */
  private final class Walk {
    private final List<SqlToken> tokens;
    private int part;
    private int at;
    private Optional<TablePrefix> prefix = Optional.empty();
    private Optional<Long> limit = Optional.empty();

    Walk(List<SqlToken> tokens) {
      this.tokens = tokens;
    }

    boolean whole() {
      while (part < parts.size()) {
        if (!step(parts.get(part))) {
          return false;
        }
        part++;
      }
      return at == tokens.size();
    }

    private boolean step(Part wanted) {
      if (at >= tokens.size()) {
        return false;
      }
      return switch (wanted) {
        case Part.Exactly(SqlToken token) -> {
          boolean same = tokens.get(at).equals(token);
          at += same ? 1 : 0;
          yield same;
        }
        case Part.Limit() -> limit();
        case Part.Table(String suffix) -> table(suffix);
      };
    }

    private boolean limit() {
      SqlToken token = tokens.get(at);
      if (token.kind() != SqlToken.Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
        return false;
      }
      limit = Optional.of(Long.parseLong(token.text()));
      at++;
      return true;
    }

    private boolean table(String suffix) {
      if (at + 4 >= tokens.size()
          || !isWord(at)
          || !tokens.get(at + 1).isSymbol(".")
          || !isWord(at + 2)
          || !tokens.get(at + 3).isSymbol(".")
          || !isWord(at + 4)
          || !tokens.get(at + 4).text().endsWith(suffix)) {
        return false;
      }
      String table = tokens.get(at + 4).text();
      TablePrefix found =
          new TablePrefix(
              tokens.get(at).text(),
              tokens.get(at + 2).text(),
              table.substring(0, table.length() - suffix.length()));
      if (prefix.isPresent() && !prefix.get().equals(found)) {
        return false;
      }
      prefix = Optional.of(found);
      at += 5;
      return true;
    }

    private boolean isWord(int index) {
      return tokens.get(index).kind() == SqlToken.Kind.WORD;
    }
  }
}
