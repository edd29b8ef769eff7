package dev.ucode.sink.uc;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.Reply;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.sink.SendResult;
import dev.ucode.sink.Shipment;
import dev.ucode.sink.SpanContext;
import dev.ucode.sink.TraceSink;
import dev.ucode.sink.wire.ExportResponse;
import dev.ucode.sink.wire.Otlp;
import dev.ucode.sink.wire.SpanAttributes;
import dev.ucode.trace.Span;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.TraceDestination;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes traces as MLflow's own clients do: spans as OTLP to {@code /api/2.0/otel/v1/traces} with
 * the table's name in a header, then the trace info V4. Neither needs a SQL warehouse; asking which
 * spans arrived does, and never starts one.
 */
public final class UcSink implements TraceSink {
  /** Info and tags are named by what they hold: one that is there already is as good as taken. */
  private static final Exchange.Meaning AGAIN_IS_THE_SAME =
      new Exchange.Meaning() {
        @Override
        public SendResult taken(Reply reply) {
          return SendResult.DELIVERED;
        }

        @Override
        public SendResult conflict(Reply reply) {
          return SendResult.DELIVERED;
        }
      };

  private final TraceDestination destination;
  private final String ucodeVersion;
  private final Exchange exchange;
  private final SpansTable table;

  public UcSink(TraceDestination destination, Http http, Tokens tokens, String ucodeVersion) {
    this.destination = destination;
    this.ucodeVersion = ucodeVersion;
    this.exchange = new Exchange(destination, http, tokens);
    this.table = new SpansTable(destination, exchange);
  }

  @Override
  public Shipment spans(TraceId trace, List<Span> spans, SpanContext context) {
    List<Otlp.WireSpan> wire = new ArrayList<>(spans.size());
    for (Span span : spans) {
      Map<String, Json> ours = new LinkedHashMap<>();
      ours.put("mlflow.traceRequestId", Json.of("trace:/" + destination.location() + "/" + trace));
      if (span.parent() == null) {
        ours.put("mlflow.experimentId", Json.of(destination.experimentId()));
      }
      wire.add(SpanAttributes.wire(trace, span, context, ours));
    }
    byte[] body =
        Otlp.request(
            SpanAttributes.resource(context, ucodeVersion), "dev.ucode", ucodeVersion, wire);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/x-protobuf");
    headers.put("X-Databricks-UC-Table-Name", destination.spansTable());
    // Not on a connection that has idled: one the server has just given up looks like a request
    // that was cut off, and would have to be asked about.
    headers.put("Connection", "close");
    URI uri = destination.workspace().resolve("/api/2.0/otel/v1/traces");
    Call call = new Call("POST", uri, headers, body);
    return new Ready(
        body.length,
        List.of(call),
        new Exchange.Meaning() {
          @Override
          public SendResult taken(Reply reply) {
            return UcSink.taken(reply, spans.size());
          }
        });
  }

  @Override
  public Shipment info(Trace trace) {
    String body = TraceInfo.of(trace, destination).write();
    URI uri = destination.workspace().resolve(tracePath(trace.id()) + "/info");
    Call call = Call.json("POST", uri, body);
    return new Ready(call.body().length, List.of(call), AGAIN_IS_THE_SAME);
  }

  @Override
  public Shipment tags(TraceId trace, Map<String, String> tags) {
    URI uri = destination.workspace().resolve(tracePath(trace) + "/tags");
    List<Call> calls = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      Json body =
          Json.object()
              .put("key", TraceInfo.cut(tag.getKey(), 250))
              .put("value", TraceInfo.cut(tag.getValue(), 4096))
              .build();
      Call call = Call.json("PATCH", uri, body.write());
      bytes += call.body().length;
      calls.add(call);
    }
    return new Ready(bytes, calls, AGAIN_IS_THE_SAME);
  }

  @Override
  public Presence present(TraceId trace, Deadline deadline) {
    return table.spansOf(trace, deadline);
  }

  private String tracePath(TraceId trace) {
    return "/api/4.0/mlflow/traces/"
        + Exchange.segment(destination.location().toString())
        + "/"
        + trace.hex();
  }

  /** What a 2xx to an OTLP request means. */
  private static SendResult taken(Reply reply, int sent) {
    ExportResponse answer = answer(reply.body());
    if (answer == null) {
      return new SendResult.Unknown("HTTP " + reply.status() + " with an answer that is not OTLP");
    }
    if (answer.rejectedSpans() <= 0) {
      return SendResult.DELIVERED;
    }
    String why =
        answer.rejectedSpans() + " of " + sent + " spans rejected: " + answer.message().strip();
    return answer.rejectedSpans() >= sent
        ? new SendResult.Rejected(why)
        : new SendResult.Unknown(why);
  }

  private static @Nullable ExportResponse answer(byte[] body) {
    if (body.length == 0 || body[0] != '{') {
      return ExportResponse.parse(body);
    }
    try {
      Json partial = JsonReader.parse(body).get("partialSuccess");
      if (partial == null) {
        return new ExportResponse(0, "");
      }
      String rejected = partial.text("rejectedSpans"); // 64-bit integers are strings in proto3 JSON
      long count = rejected == null ? partial.number("rejectedSpans", 0) : Long.parseLong(rejected);
      return new ExportResponse(count, partial.text("errorMessage", ""));
    } catch (JsonSyntaxException | NumberFormatException e) {
      return null;
    }
  }

  /** Requests ready to go, one after the other; the first that is not taken ends it. */
  private final class Ready implements Shipment {
    private final long bytes;
    private final List<Call> calls;
    private final Exchange.Meaning success;

    Ready(long bytes, List<Call> calls, Exchange.Meaning success) {
      this.bytes = bytes;
      this.calls = calls;
      this.success = success;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public SendResult send(Deadline deadline) {
      for (Call call : calls) {
        SendResult result = exchange.send(call, deadline, success);
        if (!(result instanceof SendResult.Delivered)) {
          return result;
        }
      }
      return SendResult.DELIVERED;
    }
  }
}
