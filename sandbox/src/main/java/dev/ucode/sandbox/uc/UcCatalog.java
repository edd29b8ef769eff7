package dev.ucode.sandbox.uc;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What exists in Unity Catalog: schemas, tables, views and their columns. */
public final class UcCatalog {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS uc_schema (
            catalog_name TEXT NOT NULL,
            schema_name TEXT NOT NULL,
            PRIMARY KEY (catalog_name, schema_name)) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS uc_table (
            full_name TEXT PRIMARY KEY,
            catalog_name TEXT NOT NULL,
            schema_name TEXT NOT NULL,
            table_name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('TABLE', 'VIEW')),
            created_ms INTEGER NOT NULL) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS uc_column (
            full_name TEXT NOT NULL REFERENCES uc_table (full_name) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            column_name TEXT NOT NULL,
            type TEXT NOT NULL,
            PRIMARY KEY (full_name, position)) STRICT\
          """);

  private UcCatalog() {}

  /** Makes a schema known. */
  public static void createSchema(Connection connection, String catalog, String schema)
      throws SQLException {
    Sql.update(connection, "INSERT OR IGNORE INTO uc_schema VALUES (?, ?)", catalog, schema);
  }

  /** Whether any schema of that catalog is known. */
  public static boolean hasCatalog(Connection connection, String catalog) throws SQLException {
    return Sql.first(
            connection,
            "SELECT 1 FROM uc_schema WHERE catalog_name = ?",
            row -> row.getInt(1),
            catalog)
        != null;
  }

  /**
   * Goes on only if the schema exists.
   *
   * @throws ApiException 404 where the catalog or the schema does not
   */
  public static void requireSchema(Connection connection, String catalog, String schema)
      throws SQLException {
    if (!hasCatalog(connection, catalog)) {
      throw ApiException.missing("Catalog '" + catalog + "' does not exist.");
    }
    if (!hasSchema(connection, catalog, schema)) {
      throw ApiException.missing("Schema '" + catalog + "." + schema + "' does not exist.");
    }
  }

  /** Whether the schema exists. */
  public static boolean hasSchema(Connection connection, String catalog, String schema)
      throws SQLException {
    return Sql.first(
            connection,
            "SELECT 1 FROM uc_schema WHERE catalog_name = ? AND schema_name = ?",
            row -> row.getInt(1),
            catalog,
            schema)
        != null;
  }

  /** Whether a table or view of that full name exists. */
  public static boolean exists(Connection connection, String fullName) throws SQLException {
    return kind(connection, fullName) != null;
  }

  /** {@code TABLE} or {@code VIEW}, or null where nothing of that full name exists. */
  public static @Nullable String kind(Connection connection, String fullName) throws SQLException {
    return Sql.first(
        connection,
        "SELECT kind FROM uc_table WHERE full_name = ?",
        row -> row.getString(1),
        fullName);
  }

  /** Full names of the tables, without the views. */
  public static List<String> tables(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        "SELECT full_name FROM uc_table WHERE kind = 'TABLE' ORDER BY full_name",
        row -> row.getString(1));
  }

  /** Columns in order; empty where nothing of that full name exists. */
  public static List<Column> columns(Connection connection, String fullName) throws SQLException {
    return Sql.list(
        connection,
        "SELECT column_name, type FROM uc_column WHERE full_name = ? ORDER BY position",
        row -> new Column(row.getString(1), row.getString(2)),
        fullName);
  }

  /** Creates a table of that full name; see TABLES.md for how it is stored. */
  static void createTable(Connection connection, String fullName, List<Column> columns, long nowMs)
      throws SQLException {
    createStorage(connection, fullName, columns);
    register(connection, fullName, "TABLE", columns, nowMs);
  }

  /** Creates a table that the catalog does not show. */
  static void createStorage(Connection connection, String fullName, List<Column> columns)
      throws SQLException {
    StringBuilder ddl = new StringBuilder("CREATE TABLE IF NOT EXISTS ");
    ddl.append(Sql.identifier(fullName)).append(" (");
    String separator = "";
    for (Column column : columns) {
      ddl.append(separator).append(Sql.identifier(column.name())).append(' ');
      ddl.append(column.storage());
      separator = ", ";
    }
    execute(connection, ddl.append(") STRICT").toString());
  }

  /** Creates a view of that full name. */
  static void createView(
      Connection connection, String fullName, List<Column> columns, String query, long nowMs)
      throws SQLException {
    execute(connection, "CREATE VIEW " + Sql.identifier(fullName) + " AS " + query);
    register(connection, fullName, "VIEW", columns, nowMs);
  }

  /** Drops every table and view of the catalog, and forgets the schemas. */
  public static void dropAll(Connection connection) throws SQLException {
    for (String kind : List.of("VIEW", "TABLE")) {
      List<String> names =
          Sql.list(
              connection,
              "SELECT full_name FROM uc_table WHERE kind = ?",
              row -> row.getString(1),
              kind);
      for (String name : names) {
        execute(connection, "DROP " + kind + " " + Sql.identifier(name));
      }
    }
    Sql.update(connection, "DELETE FROM uc_table");
    Sql.update(connection, "DELETE FROM uc_schema");
  }

  static void execute(Connection connection, String ddl) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(ddl);
    }
  }

  private static void register(
      Connection connection, String fullName, String kind, List<Column> columns, long nowMs)
      throws SQLException {
    List<String> parts = List.of(fullName.split("\\.", -1));
    Sql.update(
        connection,
        "INSERT INTO uc_table VALUES (?, ?, ?, ?, ?, ?)",
        fullName,
        parts.get(0),
        parts.get(1),
        parts.get(2),
        kind,
        nowMs);
    int position = 0;
    for (Column column : columns) {
      Sql.update(
          connection,
          "INSERT INTO uc_column VALUES (?, ?, ?, ?)",
          fullName,
          position++,
          column.name(),
          column.type());
    }
  }
}
