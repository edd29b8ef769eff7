package dev.ucode.parity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.Sandbox;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.store.Sql;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Copies the sandbox's spans table and metadata view into Spark, with the column types that the
 * tables have on the platform. Spark has no catalog {@code main} here, so the copies are temporary
 * views under the table's last name.
 */
final class SparkTables {
  private static final StructType SPANS =
      new StructType()
          .add("date", DataTypes.DateType)
          .add("trace_id", DataTypes.StringType)
          .add("span_id", DataTypes.StringType)
          .add("parent_span_id", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("start_time_unix_nano", DataTypes.LongType)
          .add("end_time_unix_nano", DataTypes.LongType)
          .add("attributes", DataTypes.StringType)
          .add(
              "status",
              new StructType()
                  .add("message", DataTypes.StringType)
                  .add("code", DataTypes.StringType));

  private static final StructType METADATA =
      new StructType()
          .add("trace_id", DataTypes.StringType)
          .add("client_request_id", DataTypes.StringType)
          .add("tags", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add(
              "trace_metadata",
              DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  private SparkTables() {}

  /** Copies both; returns how many spans there are. */
  static int copy(Sandbox sandbox, SparkSession spark) throws SQLException {
    List<Row> spans =
        sandbox
            .database()
            .read(
                connection ->
                    Sql.list(
                        connection,
                        "SELECT date, trace_id, span_id, parent_span_id, name,"
                            + " start_time_unix_nano, end_time_unix_nano, attributes, status"
                            + " FROM \"main.traces.ucode_otel_spans\"",
                        SparkTables::span));
    spark
        .createDataFrame(spans, SPANS)
        .selectExpr(
            "date",
            "trace_id",
            "span_id",
            "parent_span_id",
            "name",
            "start_time_unix_nano",
            "end_time_unix_nano",
            "parse_json(attributes) AS attributes",
            "status")
        .createOrReplaceTempView("ucode_otel_spans");
    List<Row> metadata =
        sandbox
            .database()
            .read(
                connection ->
                    Sql.list(
                        connection,
                        "SELECT trace_id, client_request_id, tags, trace_metadata"
                            + " FROM \"main.traces.ucode_trace_metadata\"",
                        row ->
                            RowFactory.create(
                                row.getString(1),
                                row.getString(2),
                                map(row.getString(3)),
                                map(row.getString(4)))));
    spark.createDataFrame(metadata, METADATA).createOrReplaceTempView("ucode_trace_metadata");
    return spans.size();
  }

  private static Row span(ResultSet row) throws SQLException {
    JsonNode status = Json.parse(row.getString(9));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(Date.valueOf(row.getString(1)));
    for (int column = 2; column <= 5; column++) {
      values.add(row.getString(column));
    }
    values.add(row.getLong(6));
    values.add(row.getLong(7));
    values.add(row.getString(8));
    values.add(RowFactory.create(Json.text(status, "message"), Json.text(status, "code")));
    return RowFactory.create(values.toArray());
  }

  private static Map<String, String> map(String json) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : Json.parse(json).properties()) {
      map.put(entry.getKey(), entry.getValue().asText());
    }
    return map;
  }
}
