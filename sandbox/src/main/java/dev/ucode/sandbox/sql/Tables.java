package dev.ucode.sandbox.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where the database keeps a Unity Catalog table or view. */
@FunctionalInterface
public interface Tables {

  /**
   * What can be read under a three-part name, or null where there is no such table or view.
   *
   * @param fullName {@code catalog.schema.table}, in lower case
   */
  @Nullable Relation relation(Connection connection, String fullName) throws SQLException;

  /**
   * A table or view that exists.
   *
   * @param sqlite its quoted name in the database
   * @param attributes the Databricks type of its column {@code attributes}; null where it has none
   */
  record Relation(String sqlite, @Nullable String attributes) {}
}
