package dev.ucode.sandbox.uc;

import java.util.List;

/**
 * A column of a Unity Catalog table or view.
 *
 * @param type as Databricks SQL writes it, for example {@code STRUCT<message: STRING, code:
 *     STRING>}
 */
public record Column(String name, String type) {

  /** Columns from pairs of name and type. */
  static List<Column> of(String... namesAndTypes) {
    var columns = new Column[namesAndTypes.length / 2];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new Column(namesAndTypes[2 * i], namesAndTypes[2 * i + 1]);
    }
    return List.of(columns);
  }

  /** The storage class that SQLite keeps it in; see TABLES.md. */
  String storage() {
    if (type.equals("INT")
        || type.equals("BIGINT")
        || type.equals("TIMESTAMP")
        || type.equals("BOOLEAN")) {
      return "INTEGER";
    }
    return type.equals("DOUBLE") || type.startsWith("DECIMAL") ? "REAL" : "TEXT";
  }
}
