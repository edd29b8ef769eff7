package dev.ucode.sandbox.mlflow;

import dev.ucode.sandbox.http.ApiException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's search filter: comparisons joined by AND.
 *
 * <p>{@code name LIKE '%x'}, {@code tags.`a.b` = 'c'}, {@code trace.timestamp_ms > 5}, {@code
 * status IN ('OK', 'ERROR')}, {@code tag.k IS NULL}.
 */
record Filter(List<Condition> conditions) {

  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  /** How a value is compared. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LIKE,
    ILIKE,
    RLIKE,
    IN,
    NOT_IN,
    IS_NULL,
    IS_NOT_NULL
  }

  /**
   * One comparison.
   *
   * @param entity what stands before the first dot, in lower case; empty where there is no dot
   * @param name what stands after it, without quotes
   * @param values one, or those of a list; none for IS NULL
   */
  record Condition(String entity, String name, Operator operator, List<String> values) {
    Condition {
      values = List.copyOf(values);
    }

    /** Whether a value fits; an absent one fits only IS NULL. */
    boolean test(@Nullable String value) {
      return switch (operator) {
        case IS_NULL -> value == null;
        case IS_NOT_NULL -> value != null;
        case EQUAL -> value != null && value.equals(values.getFirst());
        case NOT_EQUAL -> value != null && !value.equals(values.getFirst());
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value != null && !values.contains(value);
        case LIKE -> value != null && like(values.getFirst(), 0).matcher(value).matches();
        case ILIKE ->
            value != null
                && like(values.getFirst(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                    .matcher(value)
                    .matches();
        case RLIKE -> value != null && Pattern.compile(values.getFirst()).matcher(value).find();
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
            value != null && order(value.compareTo(values.getFirst()));
      };
    }

    /** Whether a number fits. */
    boolean test(long value) {
      return switch (operator) {
        case EQUAL -> value == number(values.getFirst());
        case NOT_EQUAL -> value != number(values.getFirst());
        case IN -> values.stream().anyMatch(v -> number(v) == value);
        case NOT_IN -> values.stream().noneMatch(v -> number(v) == value);
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
            order(Double.compare((double) value, number(values.getFirst())));
        case IS_NOT_NULL -> true;
        case IS_NULL -> false;
        case LIKE, ILIKE, RLIKE ->
            throw ApiException.invalid(
                "Invalid comparator '" + operator + "' for the number '" + name + "'");
      };
    }

    private boolean order(int comparison) {
      return switch (operator) {
        case LESS -> comparison < 0;
        case LESS_OR_EQUAL -> comparison <= 0;
        case GREATER -> comparison > 0;
        default -> comparison >= 0;
      };
    }

    /** A day or an instant in quotes stands for its milliseconds. */
    private double number(String text) {
      try {
        if (DAY.matcher(text).matches()) {
          return (double)
              LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        }
        if (text.indexOf('T') > 0) {
          return (double) Instant.parse(text.endsWith("Z") ? text : text + "Z").toEpochMilli();
        }
        return Double.parseDouble(text);
      } catch (NumberFormatException | DateTimeException e) {
        throw ApiException.invalid("Expected a number for '" + name + "', found '" + text + "'");
      }
    }

    private static Pattern like(String pattern, int flags) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        switch (c) {
          case '%' -> regex.append(".*");
          case '_' -> regex.append('.');
          default -> regex.append(Pattern.quote(String.valueOf(c)));
        }
      }
      return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
    }
  }

  Filter {
    conditions = List.copyOf(conditions);
  }

  /**
   * Reads a filter; null and the empty text let everything pass.
   *
   * @throws ApiException 400 {@code INVALID_PARAMETER_VALUE} where it cannot be read
   */
  static Filter parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new Filter(List.of());
    }
    return new Parser(text).parse();
  }

  /** A recursive descent over the tokens, which for this grammar is a loop. */
  private static final class Parser {
    private final String text;
    private final List<Token> tokens;
    private int next;

    Parser(String text) {
      this.text = text;
      this.tokens = Token.split(text);
    }

    Filter parse() {
      List<Condition> conditions = new ArrayList<>();
      do {
        conditions.add(condition());
      } while (acceptWord("AND"));
      if (next < tokens.size()) {
        throw invalid(tokens.get(next).text());
      }
      return new Filter(conditions);
    }

    private Condition condition() {
      Token key = take(Token.Kind.WORD);
      int dot = key.text().indexOf('.');
      String entity = dot < 0 ? "" : key.text().substring(0, dot).toLowerCase(Locale.ROOT);
      String name = unquote(key.text().substring(dot + 1));
      if (name.isEmpty()) {
        throw invalid(key.text());
      }
      Operator operator = operator();
      return new Condition(entity, name, operator, values(operator));
    }

    private Operator operator() {
      Token token = takeAny();
      if (token.kind() == Token.Kind.SYMBOL) {
        return switch (token.text()) {
          case "=" -> Operator.EQUAL;
          case "!=", "<>" -> Operator.NOT_EQUAL;
          case "<" -> Operator.LESS;
          case "<=" -> Operator.LESS_OR_EQUAL;
          case ">" -> Operator.GREATER;
          case ">=" -> Operator.GREATER_OR_EQUAL;
          default -> throw invalid(token.text());
        };
      }
      return switch (token.text().toUpperCase(Locale.ROOT)) {
        case "LIKE" -> Operator.LIKE;
        case "ILIKE" -> Operator.ILIKE;
        case "RLIKE" -> Operator.RLIKE;
        case "IN" -> Operator.IN;
        case "NOT" -> {
          requireWord("IN");
          yield Operator.NOT_IN;
        }
        case "IS" -> {
          boolean not = acceptWord("NOT");
          requireWord("NULL");
          yield not ? Operator.IS_NOT_NULL : Operator.IS_NULL;
        }
        default -> throw invalid(token.text());
      };
    }

    private List<String> values(Operator operator) {
      if (operator == Operator.IS_NULL || operator == Operator.IS_NOT_NULL) {
        return List.of();
      }
      if (operator != Operator.IN && operator != Operator.NOT_IN) {
        return List.of(value());
      }
      List<String> values = new ArrayList<>();
      String separator = "(";
      do {
        requireSymbol(separator);
        values.add(value());
        separator = ",";
      } while (next < tokens.size() && tokens.get(next).text().equals(","));
      requireSymbol(")");
      return values;
    }

    private String value() {
      Token token = takeAny();
      return switch (token.kind()) {
        case STRING, NUMBER -> token.text();
        case WORD, SYMBOL -> throw invalid(token.text());
      };
    }

    private Token take(Token.Kind kind) {
      Token token = takeAny();
      if (token.kind() != kind) {
        throw invalid(token.text());
      }
      return token;
    }

    private Token takeAny() {
      if (next >= tokens.size()) {
        throw invalid("the end");
      }
      return tokens.get(next++);
    }

    private boolean acceptWord(String word) {
      boolean here =
          next < tokens.size()
              && tokens.get(next).kind() == Token.Kind.WORD
              && tokens.get(next).text().equalsIgnoreCase(word);
      if (here) {
        next++;
      }
      return here;
    }

    private void requireWord(String word) {
      if (!acceptWord(word)) {
        throw invalid(next < tokens.size() ? tokens.get(next).text() : "the end");
      }
    }

    private void requireSymbol(String symbol) {
      Token token = take(Token.Kind.SYMBOL);
      if (!token.text().equals(symbol)) {
        throw invalid(token.text());
      }
    }

    private ApiException invalid(String at) {
      return ApiException.invalid("Invalid clause(s) in filter string: '" + text + "', at " + at);
    }

    private static String unquote(String name) {
      boolean quoted =
          name.length() > 1
              && (name.startsWith("`") || name.startsWith("\""))
              && name.charAt(name.length() - 1) == name.charAt(0);
      return quoted ? name.substring(1, name.length() - 1) : name;
    }
  }
}
