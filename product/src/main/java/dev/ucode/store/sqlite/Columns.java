package dev.ucode.store.sqlite;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values lie in columns. */
final class Columns {
  private static final long GIGA = 1_000_000_000L;

  private Columns() {}

  static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), GIGA), (long) time.getNano());
  }

  static Instant time(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, GIGA), Math.floorMod(nanos, GIGA));
  }

  static void set(PreparedStatement statement, int index, @Nullable Instant time)
      throws SQLException {
    if (time == null) {
      statement.setNull(index, Types.INTEGER);
    } else {
      statement.setLong(index, nanos(time));
    }
  }

  static void set(PreparedStatement statement, int index, @Nullable String text)
      throws SQLException {
    if (text == null) {
      statement.setNull(index, Types.VARCHAR);
    } else {
      statement.setString(index, text);
    }
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return time(row.getLong(column));
  }

  static @Nullable Instant maybeTime(ResultSet row, String column) throws SQLException {
    long nanos = row.getLong(column);
    return row.wasNull() ? null : time(nanos);
  }

  /** JSON of our own writing. */
  static Json json(String text) throws SQLException {
    try {
      return JsonReader.parse(text);
    } catch (JsonSyntaxException e) {
      throw new SQLException("broken JSON in the store", e);
    }
  }

  static String strings(Map<String, String> map) {
    Json.Builder out = Json.object();
    map.forEach(out::put);
    return out.build().write();
  }

  static Map<String, String> strings(String text) throws SQLException {
    Map<String, String> map = new LinkedHashMap<>();
    if (json(text) instanceof Json.Obj(Map<String, Json> members)) {
      for (Map.Entry<String, Json> member : members.entrySet()) {
        String value = member.getValue().asText();
        if (value != null) {
          map.put(member.getKey(), value);
        }
      }
    }
    return map;
  }

  static String counts(Map<String, Integer> map) {
    Json.Builder out = Json.object();
    map.forEach((name, count) -> out.put(name, count.longValue()));
    return out.build().write();
  }

  static Map<String, Integer> counts(String text) throws SQLException {
    Map<String, Integer> map = new LinkedHashMap<>();
    Json json = json(text);
    if (json instanceof Json.Obj(Map<String, Json> members)) {
      for (String name : members.keySet()) {
        map.put(name, Math.toIntExact(json.number(name, 0)));
      }
    }
    return map;
  }
}
