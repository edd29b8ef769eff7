package dev.ucode.sandbox.uc;

import dev.ucode.sandbox.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Makes the set of tables and views of one trace location. */
public final class TraceTables {
  private TraceTables() {}

  /** Whether the location's tables exist. */
  public static boolean exist(Connection connection, TraceLocation location) throws SQLException {
    return UcCatalog.exists(connection, location.spans());
  }

  /** Makes what is missing of the location's tables and views. */
  public static void create(Connection connection, TraceLocation location, long nowMs)
      throws SQLException {
    if (exist(connection, location)) {
      return;
    }
    boolean older = location.prefix() == null;
    UcCatalog.createTable(
        connection, location.spans(), older ? TableShapes.SCHEMA_SPANS : TableShapes.SPANS, nowMs);
    index(connection, location.spans(), "trace_id");
    UcCatalog.createTable(connection, location.logs(), TableShapes.LOGS, nowMs);
    if (older) {
      UcCatalog.createStorage(connection, location.annotations(), TableShapes.ANNOTATIONS);
      index(connection, location.annotations(), "target_id");
      return;
    }
    UcCatalog.createTable(connection, location.metrics(), TableShapes.METRICS, nowMs);
    UcCatalog.createTable(connection, location.annotations(), TableShapes.ANNOTATIONS, nowMs);
    index(connection, location.annotations(), "target_id");
    index(connection, location.spans(), "time");
    String annotations = Sql.identifier(location.annotations());
    UcCatalog.createView(
        connection,
        location.metadata(),
        TableShapes.METADATA,
        TraceViews.METADATA.replace("$annotations", annotations),
        nowMs);
    UcCatalog.createView(
        connection,
        location.unified(),
        TableShapes.UNIFIED,
        TraceViews.UNIFIED
            .replace("$spans", Sql.identifier(location.spans()))
            .replace("$metadata", Sql.identifier(location.metadata())),
        nowMs);
  }

  private static void index(Connection connection, String table, String column)
      throws SQLException {
    UcCatalog.execute(
        connection,
        "CREATE INDEX IF NOT EXISTS "
            + Sql.identifier(table + "#" + column)
            + " ON "
            + Sql.identifier(table)
            + " ("
            + column
            + ")");
  }
}
