package dev.ucode.sandbox.sql;

import dev.ucode.sandbox.sql.KnownStatement.Column;
import dev.ucode.sandbox.sql.StatementPattern.Agreement;
import dev.ucode.sandbox.sql.StatementPattern.Match;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The checked-in list of statements, {@code statements.sql} beside this class. */
public final class StatementList {
  private static final String SQLITE = "-- sqlite\n";
  private static final Pattern ENTRY = Pattern.compile("(?m)^-- name: ");

  private final Map<KnownStatement, StatementPattern> statements = new LinkedHashMap<>();

  /** Reads the list. */
  public StatementList() {
    String[] entries = ENTRY.split(resource());
    for (String entry : Arrays.asList(entries).subList(1, entries.length)) {
      KnownStatement statement = parse(entry);
      try {
        statements.put(statement, new StatementPattern(SqlToken.of(statement.databricks())));
      } catch (SqlToken.Unreadable e) {
        throw new IllegalStateException("statement " + statement.name(), e);
      }
    }
  }

  /** All statements, in the order of the file. */
  public List<KnownStatement> all() {
    return List.copyOf(statements.keySet());
  }

  /** A statement that was recognised. */
  record Recognised(KnownStatement statement, Match match) {}

  /** The statement that this text is, if it is one of the list. */
  Optional<Recognised> recognise(List<SqlToken> tokens) {
    for (Map.Entry<KnownStatement, StatementPattern> entry : statements.entrySet()) {
      Optional<Match> match = entry.getValue().match(tokens);
      if (match.isPresent()) {
        return Optional.of(new Recognised(entry.getKey(), match.get()));
      }
    }
    return Optional.empty();
  }

  /** For a text that is none of the list: which statement comes closest, and where they part. */
  String closest(List<SqlToken> tokens) {
    record Near(KnownStatement statement, Agreement agreement) {}
    return statements.entrySet().stream()
        .map(entry -> new Near(entry.getKey(), entry.getValue().agreement(tokens)))
        .max(Comparator.comparingInt(near -> near.agreement().tokens()))
        .map(
            near ->
                "closest is '%s', which has %s where this has %s"
                    .formatted(
                        near.statement().name(),
                        near.agreement().expected(),
                        near.agreement().found()))
        .orElse("the list is empty");
  }

  private static KnownStatement parse(String entry) {
    Map<String, String> headers = new LinkedHashMap<>();
    int at = entry.indexOf('\n') + 1;
    headers.put("name", entry.substring(0, at).strip());
    while (entry.startsWith("-- ", at)) {
      int end = entry.indexOf('\n', at);
      String[] header = entry.substring(at + 3, end).split(": ", 2);
      headers.put(header[0], header[1].strip());
      at = end + 1;
    }
    int sqlite = entry.indexOf(SQLITE);
    return new KnownStatement(
        need(headers, "name"),
        need(headers, "about"),
        columns(headers.getOrDefault("params", "")),
        columns(need(headers, "columns")),
        statement(entry.substring(at, sqlite)),
        statement(entry.substring(sqlite + SQLITE.length())));
  }

  private static String need(Map<String, String> headers, String name) {
    String value = headers.get(name);
    if (value == null) {
      throw new IllegalStateException("a statement without '" + name + "': " + headers);
    }
    return value;
  }

  private static String statement(String text) {
    String stripped = text.strip();
    if (!stripped.endsWith(";")) {
      throw new IllegalStateException("a statement without its semicolon: " + stripped);
    }
    return stripped.substring(0, stripped.length() - 1);
  }

  private static List<Column> columns(String text) {
    List<Column> columns = new ArrayList<>();
    for (String column : text.isEmpty() ? new String[0] : text.split(", ", -1)) {
      int space = column.indexOf(' ');
      columns.add(new Column(column.substring(0, space), column.substring(space + 1)));
    }
    return List.copyOf(columns);
  }

  private static String resource() {
    try (InputStream in = StatementList.class.getResourceAsStream("statements.sql")) {
      if (in == null) {
        throw new IllegalStateException("missing resource statements.sql");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
