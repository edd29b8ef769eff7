package dev.ucode.sandbox.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * SQL functions that SQLite lacks, with the results that Spark has. VARIANT, MAP and STRUCT columns
 * are JSON text here.
 */
final class SqlFunctions {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private SqlFunctions() {}

  /** Registers all functions on a connection. */
  static void register(Connection connection) throws SQLException {
    Function.create(connection, "variant_string", new VariantString());
    Function.create(connection, "variant_bigint", new VariantBigint());
    Function.create(connection, "map_value", new VariantString());
    Function.create(connection, "approx_percentile", new ApproxPercentile());
  }

  /** {@code variant_string(json, key)}: {@code json:['key']::string}. */
  private static final class VariantString extends Function {
    @Override
    protected void xFunc() throws SQLException {
      JsonNode found = follow(value_text(0), List.of(value_text(1)));
      String text = found == null ? null : asString(found);
      if (text == null) {
        result();
      } else {
        result(text);
      }
    }
  }

  /**
   * {@code variant_bigint(json, key...)}: {@code try_variant_get(..., 'bigint')} of the value at
   * the end of the keys. A string on the way is read as JSON, like {@code
   * try_parse_json(x::string)}.
   */
  private static final class VariantBigint extends Function {
    @Override
    protected void xFunc() throws SQLException {
      List<@Nullable String> keys = new ArrayList<>();
      for (int i = 1; i < args(); i++) {
        keys.add(value_text(i));
      }
      JsonNode found = follow(value_text(0), keys);
      Long number = found == null ? null : asLong(found);
      if (number == null) {
        result();
      } else {
        result(number.longValue());
      }
    }
  }

  /**
   * {@code approx_percentile(value, fraction)}: of the values in order, the one at rank {@code
   * ceil(fraction × count)}, as Spark gives it while it can keep all values. Nulls do not count.
   */
  private static final class ApproxPercentile extends Function.Aggregate {
    private List<Long> values = new ArrayList<>();
    private double fraction;

    @Override
    protected void xStep() throws SQLException {
      if (value_type(0) != SQLITE_NULL) {
        values.add(value_long(0));
      }
      fraction = value_double(1);
    }

    @Override
    protected void xFinal() throws SQLException {
      if (values.isEmpty()) {
        result();
        return;
      }
      Collections.sort(values);
      int rank = (int) Math.ceil(fraction * values.size());
      result(values.get(Math.max(0, rank - 1)).longValue());
    }

    @Override
    public Object clone() throws CloneNotSupportedException {
      ApproxPercentile copy = (ApproxPercentile) super.clone();
      copy.values = new ArrayList<>();
      return copy;
    }

    /** {@code SQLITE_NULL} of SQLite's C interface. */
    private static final int SQLITE_NULL = 5;
  }

  private static @Nullable JsonNode follow(@Nullable String json, List<@Nullable String> keys) {
    JsonNode at = parse(json);
    for (String key : keys) {
      if (at != null && at.isTextual()) {
        at = parse(at.textValue());
      }
      if (at == null || key == null || !at.isObject()) {
        return null;
      }
      at = at.get(key);
    }
    return at;
  }

  private static @Nullable JsonNode parse(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** A variant cast to string; null for JSON null. */
  private static @Nullable String asString(JsonNode node) {
    if (node.isNull() || node.isMissingNode()) {
      return null;
    }
    return node.isTextual() ? node.textValue() : node.toString();
  }

  /** A variant cast to bigint; null where that cannot be done. */
  private static @Nullable Long asLong(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue() ? 1L : 0L;
    }
    BigDecimal number;
    try {
      number =
          node.isTextual()
              ? new BigDecimal(node.textValue().strip())
              : node.isNumber() ? node.decimalValue() : null;
    } catch (NumberFormatException e) {
      number = null;
    }
    if (number == null) {
      return null;
    }
    BigInteger whole = number.toBigInteger();
    return whole.compareTo(LONG_MIN) < 0 || whole.compareTo(LONG_MAX) > 0
        ? null
        : (Long) whole.longValue();
  }
}
