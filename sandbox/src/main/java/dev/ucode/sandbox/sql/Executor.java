package dev.ucode.sandbox.sql;

import dev.ucode.sandbox.sql.KnownStatement.Column;
import dev.ucode.sandbox.sql.StatementList.Recognised;
import dev.ucode.sandbox.sql.StatementPattern.TablePrefix;
import dev.ucode.sandbox.sql.Submission.Parameter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns a submitted text into a statement of the list and runs its SQLite translation. */
final class Executor {
  private static final Pattern RELATION = Pattern.compile("\\{(spans|metadata)}");
  private static final Pattern NAMED = Pattern.compile(":([a-z_]+)");

  private final StatementList statements;
  private final Tables tables;

  Executor(StatementList statements, Tables tables) {
    this.statements = statements;
    this.tables = tables;
  }

  /** A statement that is ready to run. */
  record Prepared(
      KnownStatement statement,
      String sqlite,
      List<@Nullable String> values,
      boolean readsTables) {}

  /**
   * Recognises a statement, finds its tables and binds its parameters.
   *
   * @throws SqlFailure where it is not of the list, a table is missing, or a parameter is wrong
   */
  Prepared prepare(Connection connection, Submission submission) throws SqlFailure, SQLException {
    Recognised recognised = recognise(submission.statement());
    KnownStatement statement = recognised.statement();
    String sql = statement.sqlite();
    Optional<Long> limit = recognised.match().limit();
    if (limit.isPresent()) {
      sql = sql.replace("{limit}", Long.toString(limit.get()));
    }
    if (recognised.match().prefix().isPresent()) {
      boolean readsVariant = statement.databricks().contains("attributes:");
      sql = withRelations(connection, sql, recognised.match().prefix().get(), readsVariant);
    }
    List<@Nullable String> values = new ArrayList<>();
    Matcher named = NAMED.matcher(sql);
    StringBuilder positional = new StringBuilder();
    while (named.find()) {
      values.add(value(statement, named.group(1), submission.parameters()));
      named.appendReplacement(positional, "?");
    }
    named.appendTail(positional);
    return new Prepared(
        statement, positional.toString(), values, recognised.match().prefix().isPresent());
  }

  /** Runs a prepared statement to its end. */
  static Run.Result run(PreparedStatement statement, Prepared prepared, @Nullable Long rowLimit)
      throws SQLException {
    for (int i = 0; i < prepared.values().size(); i++) {
      statement.setString(i + 1, prepared.values().get(i));
    }
    List<Column> columns = prepared.statement().columns();
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        if (rowLimit != null && rows.size() == rowLimit) {
          return new Run.Result(columns, rows, true);
        }
        List<@Nullable String> row = new ArrayList<>(columns.size());
        for (int i = 1; i <= columns.size(); i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
    }
    return new Run.Result(columns, rows, false);
  }

  private Recognised recognise(String text) throws SqlFailure {
    List<SqlToken> tokens;
    try {
      tokens = SqlToken.of(text);
    } catch (SqlToken.Unreadable e) {
      throw new SqlFailure("PARSE_SYNTAX_ERROR", "42601", "Syntax error: " + e.getMessage() + ".");
    }
    Optional<Recognised> recognised = statements.recognise(tokens);
    if (recognised.isEmpty()) {
      throw new SqlFailure(
          "UNSUPPORTED_FEATURE.SANDBOX_STATEMENT",
          "0A000",
          "The sandbox runs only the statements that ucode itself sends or shows, and this is none"
              + " of them: %s. It understands: %s."
                  .formatted(
                      statements.closest(tokens),
                      statements.all().stream()
                          .map(KnownStatement::name)
                          .collect(Collectors.joining(", "))));
    }
    return recognised.get();
  }

  private String withRelations(
      Connection connection, String sql, TablePrefix prefix, boolean readsVariant)
      throws SqlFailure, SQLException {
    Matcher matcher = RELATION.matcher(sql);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String suffix = matcher.group(1).equals("spans") ? "_otel_spans" : "_trace_metadata";
      String table = prefix.prefix() + suffix;
      Tables.Relation relation =
          tables.relation(
              connection, "%s.%s.%s".formatted(prefix.catalog(), prefix.schema(), table));
      if (relation == null) {
        throw new SqlFailure(
            "TABLE_OR_VIEW_NOT_FOUND",
            "42P01",
            "The table or view `"
                + String.join("`.`", prefix.catalog(), prefix.schema(), table)
                + "` cannot be found. Verify the spelling and correctness of the schema and"
                + " catalog.");
      }
      if (readsVariant && !"VARIANT".equals(relation.attributes())) {
        // The tables of a two-part location: their attributes are a MAP and have no fields.
        throw new SqlFailure(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            "42K09",
            "Cannot resolve \"attributes\" due to data type mismatch: a VARIANT is required, but it"
                + " has the type "
                + relation.attributes()
                + ".");
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(relation.sqlite()));
    }
    return matcher.appendTail(out).toString();
  }

  private static @Nullable String value(
      KnownStatement statement, String name, List<Parameter> given) throws SqlFailure {
    Column wanted =
        statement.parameters().stream()
            .filter(parameter -> parameter.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(statement.name() + " binds " + name));
    for (Parameter parameter : given) {
      if (parameter.name().equals(name)) {
        String value = parameter.value();
        for (String type : List.of(parameter.type(), wanted.type())) {
          check(value, type);
        }
        return value;
      }
    }
    throw new SqlFailure(
        "UNBOUND_SQL_PARAMETER", "42P02", "Found the unbound parameter: " + name + ".");
  }

  private static void check(@Nullable String value, String type) throws SqlFailure {
    if (value == null) {
      return;
    }
    boolean fits =
        switch (type) {
          case "STRING" -> true;
          case "DATE" -> isDate(value);
          case "INT", "BIGINT" -> value.matches("-?\\d{1,18}");
          default ->
              throw new SqlFailure(
                  "UNSUPPORTED_FEATURE.SANDBOX_PARAMETER_TYPE",
                  "0A000",
                  "The sandbox takes parameters of type STRING, DATE, INT and BIGINT; got "
                      + type
                      + ".");
        };
    if (!fits) {
      throw new SqlFailure(
          "CAST_INVALID_INPUT",
          "22018",
          "The value '%s' of the type \"STRING\" cannot be cast to \"%s\" because it is malformed."
              .formatted(value, type));
    }
  }

  private static boolean isDate(String value) {
    try {
      return LocalDate.parse(value).toString().equals(value);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
