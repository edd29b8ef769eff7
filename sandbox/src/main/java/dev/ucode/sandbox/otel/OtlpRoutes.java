package dev.ucode.sandbox.otel;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.uc.LateRows;
import dev.ucode.sandbox.uc.UcCatalog;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/2.0/otel/v1/traces}: appends the spans of an OTLP export request to the table
 * that {@code X-Databricks-UC-Table-Name} names. Nothing is de-duplicated.
 *
 * <p>Answers {@code {}} as JSON, or protobuf to a client that accepts only that. Spans that cannot
 * be stored are counted in {@code partial_success}; the rest is kept.
 */
public final class OtlpRoutes implements Routes {
  /** Larger requests, unpacked, are refused with 413. */
  static final int MAX_REQUEST_BYTES = 10 << 20;

  private static final String PROTOBUF = "application/x-protobuf";
  private final Database database;
  private final LateRows rows;

  public OtlpRoutes(Database database, LateRows rows) {
    this.database = database;
    this.rows = rows;
  }

  @Override
  public void register(Router router) {
    router.post("/api/2.0/otel/v1/traces", this::ingest);
  }

  private Reply ingest(Request request) throws SQLException {
    String table = request.header("X-Databricks-UC-Table-Name");
    if (table == null || table.isBlank()) {
      throw ApiException.invalid("The header X-Databricks-UC-Table-Name is missing.");
    }
    ExportTraceServiceRequest export = decode(request);
    request.note("table", table);
    request.note("spans", Integer.toString(count(export)));
    SpanRows shape = new SpanRows(requireSpansTable(request, table));
    List<Map<String, @Nullable Object>> accepted = new ArrayList<>();
    int rejected = 0;
    String why = "";
    for (ResourceSpans resourceSpans : export.getResourceSpansList()) {
      for (ScopeSpans scope : resourceSpans.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          String fault = SpanRows.fault(span);
          if (fault == null) {
            accepted.add(shape.row(resourceSpans, scope, span));
          } else {
            rejected++;
            why = fault;
          }
        }
      }
    }
    int dropped = Math.min(request.rowsToReject(), accepted.size());
    if (dropped > 0) {
      accepted = accepted.subList(0, accepted.size() - dropped);
      rejected += dropped;
      why = "rejected on request";
    }
    List<Map<String, @Nullable Object>> kept = accepted;
    database.change(connection -> rows.add(connection, table, kept, request.visibleAfter()));
    return answer(request, rejected, why);
  }

  /** Whether the table has the older columns. */
  private boolean requireSpansTable(Request request, String table) throws SQLException {
    List<String> columns =
        database.read(
            connection ->
                "TABLE".equals(UcCatalog.kind(connection, table))
                    ? UcCatalog.columns(connection, table).stream().map(c -> c.name()).toList()
                    : List.of());
    if (columns.isEmpty()) {
      throw new ApiException(404, "NOT_FOUND", "Table '" + table + "' does not exist.");
    }
    if (!columns.contains("span_id") || !columns.contains("parent_span_id")) {
      throw ApiException.invalid(
          "Table '" + table + "' does not have the schema of a spans table.");
    }
    request
        .caller()
        .require(
            Permission.WRITE_TRACES,
            "User does not have MODIFY and SELECT on Table '" + table + "'.");
    return !columns.contains("record_id");
  }

  private static ExportTraceServiceRequest decode(Request request) {
    String type = request.header("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(PROTOBUF)) {
      throw new ApiException(
          415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be " + PROTOBUF + ", was " + type);
    }
    try {
      return ExportTraceServiceRequest.parseFrom(unpack(request));
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.badRequest("The body is not an OTLP ExportTraceServiceRequest.");
    }
  }

  private static byte[] unpack(Request request) {
    String encoding = request.header("Content-Encoding");
    byte[] bytes = request.body();
    if (encoding != null && encoding.equalsIgnoreCase("gzip")) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = in.readNBytes(MAX_REQUEST_BYTES + 1);
      } catch (IOException e) {
        throw ApiException.badRequest("The body is not gzip.");
      }
    } else if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ApiException(
          415, "UNSUPPORTED_MEDIA_TYPE", "Content-Encoding " + encoding + " is not supported");
    }
    if (bytes.length > MAX_REQUEST_BYTES) {
      throw new ApiException(
          413,
          "REQUEST_LIMIT_EXCEEDED",
          "The request is larger than " + MAX_REQUEST_BYTES + " bytes.");
    }
    return bytes;
  }

  private static int count(ExportTraceServiceRequest export) {
    return export.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .mapToInt(ScopeSpans::getSpansCount)
        .sum();
  }

  private static Reply answer(Request request, int rejected, String why) {
    String accept = request.header("Accept");
    if (accept != null && accept.contains("protobuf") && !accept.contains("json")) {
      var response = ExportTraceServiceResponse.newBuilder();
      if (rejected > 0) {
        response.setPartialSuccess(
            ExportTracePartialSuccess.newBuilder().setRejectedSpans(rejected).setErrorMessage(why));
      }
      return Reply.bytes(200, PROTOBUF, response.build().toByteArray());
    }
    var body = Json.object();
    if (rejected > 0) {
      body.putObject("partialSuccess")
          .put("rejectedSpans", Integer.toString(rejected))
          .put("errorMessage", why);
    }
    return Reply.json(body);
  }
}
