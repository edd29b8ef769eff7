package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.uc.TraceLocation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An MLflow experiment.
 *
 * @param id decimal digits
 * @param name absolute workspace path
 * @param stage {@code active} or {@code deleted}
 * @param createdMs milliseconds since 1970
 * @param updatedMs milliseconds since 1970
 * @param tags in order of their keys
 */
public record Experiment(
    String id,
    String name,
    String stage,
    long createdMs,
    long updatedMs,
    Map<String, String> tags) {
  /** Names the Unity Catalog destination of the traces. */
  public static final String DESTINATION_TAG = "mlflow.experiment.databricksTraceDestinationPath";

  static final String SPANS_TAG = "mlflow.experiment.databricksTraceSpanStorageTable";
  static final String LOGS_TAG = "mlflow.experiment.databricksTraceLogStorageTable";
  static final String ANNOTATIONS_TAG = "mlflow.experiment.databricksTraceAnnotationsTable";

  /** Whether it was not deleted. */
  boolean active() {
    return stage.equals("active");
  }

  /** Where its traces are stored, or null for the classic store. */
  public @Nullable TraceLocation location() {
    String path = tags.get(DESTINATION_TAG);
    return path == null ? null : TraceLocation.parse(path);
  }

  /** As the REST API gives it. */
  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("experiment_id", id)
            .put("name", name)
            .put("artifact_location", "dbfs:/databricks/mlflow-tracking/" + id)
            .put("lifecycle_stage", stage)
            .put("last_update_time", updatedMs)
            .put("creation_time", createdMs);
    var list = json.putArray("tags");
    tags.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return json;
  }
}
