package dev.ucode.sandbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The expected values are what Spark 4.2.0 answers to the same expressions. */
class SqlFunctionsTest {
  private static final String JSON =
      """
      {"a.b":"text","b":true,"d":1.5,"i":12,"n":null,"u":"\\u00e9","s":"-7","x":"abc","big":1e20,
       "usage":{"in":10,"out":5},"packed":"{\\"in\\":7}","arr":[1,"x"]}\
      """;

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    SqlFunctions.register(connection);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void aVariantAsAString() throws SQLException {
    assertThat(string("a.b")).isEqualTo("text");
    assertThat(string("b")).isEqualTo("true");
    assertThat(string("d")).isEqualTo("1.5");
    assertThat(string("i")).isEqualTo("12");
    assertThat(string("u")).isEqualTo("é");
    assertThat(string("usage")).isEqualTo("{\"in\":10,\"out\":5}");
    assertThat(string("arr")).isEqualTo("[1,\"x\"]");
    assertThat(string("n")).isNull();
    assertThat(string("absent")).isNull();
  }

  @Test
  void aVariantAsANumber() throws SQLException {
    assertThat(bigint("i")).isEqualTo("12");
    assertThat(bigint("d")).isEqualTo("1");
    assertThat(bigint("b")).isEqualTo("1");
    assertThat(bigint("s")).isEqualTo("-7");
    assertThat(bigint("x")).isNull();
    assertThat(bigint("big")).isNull();
    assertThat(bigint("usage")).isNull();
    assertThat(bigint("usage", "in")).isEqualTo("10");
    assertThat(bigint("packed", "in")).isEqualTo("7");
    assertThat(bigint("x", "in")).isNull();
    assertThat(bigint("absent", "in")).isNull();
  }

  @Test
  void nothingComesOfNoJson() throws SQLException {
    assertThat(one("SELECT variant_string(NULL, 'a')")).isNull();
    assertThat(one("SELECT variant_string('{broken', 'a')")).isNull();
  }

  @Test
  void percentilesAreValuesAtTheirRank() throws SQLException {
    int[][] expected = {
      {1, 1, 1, 1},
      {2, 1, 2, 1},
      {3, 2, 3, 1},
      {4, 2, 4, 1},
      {19, 10, 19, 1},
      {20, 10, 19, 1},
      {21, 11, 20, 2},
      {40, 20, 38, 2},
      {100, 50, 95, 5},
      {101, 51, 96, 6}
    };
    for (int[] row : expected) {
      assertThat(percentile(row[0], "0.5")).isEqualTo("" + row[1]);
      assertThat(percentile(row[0], "0.95")).isEqualTo("" + row[2]);
      assertThat(percentile(row[0], "0.05")).isEqualTo("" + row[3]);
      assertThat(percentile(row[0], "1.0")).isEqualTo("" + row[0]);
      assertThat(percentile(row[0], "0.0")).isEqualTo("1");
    }
    assertThat(one("SELECT approx_percentile(x, 0.5) FROM (SELECT NULL AS x)")).isNull();
  }

  @Test
  void percentilesOfGroupsDoNotMix() throws SQLException {
    assertThat(
            one(
                "SELECT group_concat(p) FROM (SELECT approx_percentile(x, 0.5) AS p FROM (SELECT"
                    + " 'a' AS g, 1 AS x UNION ALL SELECT 'a', 3 UNION ALL SELECT 'b', 100) GROUP"
                    + " BY g ORDER BY g)"))
        .isEqualTo("1,100");
  }

  private @Nullable String percentile(int count, String fraction) throws SQLException {
    return one(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT"
                .formatted(count)
            + " approx_percentile(i, %s) FROM n".formatted(fraction));
  }

  private @Nullable String string(String key) throws SQLException {
    return call("SELECT variant_string(?, ?)", JSON, key);
  }

  private @Nullable String bigint(String... keys) throws SQLException {
    String[] values = new String[keys.length + 1];
    values[0] = JSON;
    System.arraycopy(keys, 0, values, 1, keys.length);
    return call("SELECT variant_bigint(?" + ", ?".repeat(keys.length) + ")", values);
  }

  private @Nullable String call(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private @Nullable String one(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
