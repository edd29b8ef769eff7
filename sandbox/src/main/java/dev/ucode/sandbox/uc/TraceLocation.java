package dev.ucode.sandbox.uc;

import dev.ucode.sandbox.http.ApiException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where traces are stored: {@code catalog.schema.prefix}, or {@code catalog.schema} in the older
 * form.
 *
 * @param prefix null in the older form
 */
public record TraceLocation(String catalog, String schema, @Nullable String prefix) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  public TraceLocation {
    check("catalog", catalog);
    check("schema", schema);
    if (prefix != null) {
      check("table prefix", prefix);
    }
  }

  /**
   * Reads {@code a.b} or {@code a.b.c}.
   *
   * @throws ApiException 400 where it is neither
   */
  public static TraceLocation parse(String path) {
    List<String> parts = List.of(path.split("\\.", -1));
    if (parts.size() < 2 || parts.size() > 3) {
      throw ApiException.invalid("Not a trace location: '" + path + "'");
    }
    return new TraceLocation(parts.get(0), parts.get(1), parts.size() == 3 ? parts.get(2) : null);
  }

  /** {@code catalog.schema[.prefix]}. */
  public String path() {
    return catalog + "." + schema + (prefix == null ? "" : "." + prefix);
  }

  /** Full name of the spans table. */
  public String spans() {
    return table("otel_spans");
  }

  /** Full name of the logs table. */
  public String logs() {
    return table("otel_logs");
  }

  /** Full name of the metrics table. */
  public String metrics() {
    return table("otel_metrics");
  }

  /**
   * Full name of the annotations table. The older form has none in the catalog; the name is then
   * the sandbox's own.
   */
  public String annotations() {
    return table("otel_annotations");
  }

  /** Full name of the view with one row per trace. */
  public String unified() {
    return table("trace_unified");
  }

  /** Full name of the view of tags, metadata and assessments. */
  public String metadata() {
    return table("trace_metadata");
  }

  private String table(String suffix) {
    String stem = prefix == null ? "mlflow_experiment_trace" : prefix;
    return catalog + "." + schema + "." + stem + "_" + suffix;
  }

  private static void check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw ApiException.invalid("Not a valid " + what + " name: '" + name + "'");
    }
  }
}
