package dev.ucode.sink.uc;

import dev.ucode.json.Json;
import dev.ucode.name.UcLocation;
import dev.ucode.sink.wire.SpanAttributes;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Trace;
import dev.ucode.workspace.TraceDestination;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/4.0/mlflow/traces/{location}/{hex}/info}: MLflow's TraceInfo with a
 * {@code UC_TABLE_PREFIX} location, not wrapped. Metadata keys and values are cut to 250
 * characters, tag values to 4096 and previews to 1000, as MLflow's client does.
 */
final class TraceInfo {
  private static final int METADATA = 250;
  private static final int TAG = 4096;
  private static final int PREVIEW = 1000;

  private TraceInfo() {}

  static Json of(Trace trace, TraceDestination destination) {
    UcLocation location = destination.location();
    Json place =
        Json.object()
            .put("type", "UC_TABLE_PREFIX")
            .put(
                "uc_table_prefix",
                Json.object()
                    .put("catalog_name", location.catalog())
                    .put("schema_name", location.schema())
                    .put("table_prefix", location.prefix())
                    .put("spans_table_name", destination.spansTable())
                    .build())
            .build();
    Json.Builder info =
        Json.object()
            .put("trace_id", trace.id().hex())
            .put("client_request_id", trace.session() + ":" + trace.promptUuid())
            .put("trace_location", place)
            .put("request_time", trace.start().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("execution_duration", seconds(Duration.between(trace.start(), trace.end())))
            .put("state", trace.state() == Trace.State.OK ? "OK" : "ERROR");
    if (trace.root().detail() instanceof Detail.Turn turn) {
      info.put("request_preview", cut(turn.prompt(), PREVIEW));
      info.put("response_preview", cut(turn.response(), PREVIEW));
    }
    return info.put("trace_metadata", metadata(trace, destination.user()))
        .put("tags", strings(tags(trace), TAG))
        .build();
  }

  private static Json metadata(Trace trace, @Nullable String user) {
    Map<String, String> metadata = new LinkedHashMap<>(trace.metadata());
    metadata.put("mlflow.trace_schema.version", "4");
    metadata.putIfAbsent("mlflow.trace.session", trace.session().value());
    if (user != null) {
      metadata.putIfAbsent("mlflow.trace.user", user);
      metadata.putIfAbsent("mlflow.user", user);
    }
    metadata.putIfAbsent("mlflow.source.name", "ucode " + trace.agent());
    metadata.putIfAbsent("mlflow.source.type", "LOCAL");
    Json usage = SpanAttributes.tokenUsage(trace.usage());
    if (usage != null) {
      metadata.put("mlflow.trace.tokenUsage", usage.write());
    }
    if (trace.root().detail() instanceof Detail.Turn turn) {
      metadata.putIfAbsent("mlflow.traceInputs", start("prompt", turn.prompt()));
      metadata.putIfAbsent("mlflow.traceOutputs", start("response", turn.response()));
    }
    return strings(metadata, METADATA);
  }

  private static Map<String, String> tags(Trace trace) {
    Map<String, String> tags = new LinkedHashMap<>(trace.tags());
    tags.putIfAbsent("mlflow.traceName", trace.root().name());
    return tags;
  }

  /** The beginning of a JSON object of one text, without writing all of a long one. */
  private static String start(String name, String text) {
    return Json.object().put(name, cut(text, METADATA)).build().write();
  }

  private static Json strings(Map<String, String> map, int longest) {
    Json.Builder all = Json.object();
    map.forEach((key, value) -> all.put(cut(key, METADATA), cut(value, longest)));
    return all.build();
  }

  /** The first characters, without half of a pair at the end. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end);
  }

  /** A protobuf duration in JSON. */
  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%d.%03ds", duration.toSeconds(), duration.toMillisPart());
  }
}
