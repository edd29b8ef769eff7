package dev.ucode.sandbox.sql;

import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds tables and views in the sandbox's Unity Catalog, whatever the case of their names. */
public final class CatalogTables implements Tables {
  @Override
  public @Nullable Relation relation(Connection connection, String fullName) throws SQLException {
    return Sql.first(
        connection,
        "SELECT t.full_name, c.type FROM uc_table t LEFT JOIN uc_column c"
            + " ON c.full_name = t.full_name AND c.column_name = 'attributes'"
            + " WHERE lower(t.full_name) = ?",
        row -> new Relation(Sql.identifier(row.getString(1)), row.getString(2)),
        fullName);
  }
}
