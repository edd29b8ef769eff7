package dev.ucode.workspace;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An MLflow experiment.
 *
 * @param name full path, e.g. {@code /Shared/ucode-traces}
 * @param active false once it was deleted
 */
public record Experiment(String id, String name, boolean active, Map<String, String> tags) {
  private static final String DESTINATION = "mlflow.experiment.databricksTraceDestinationPath";
  private static final String SPANS_TABLE = "mlflow.experiment.databricksTraceSpanStorageTable";

  public Experiment {
    tags = Map.copyOf(tags);
  }

  /** The last part of its name. */
  public String leaf() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Where its traces are stored in Unity Catalog, as its tag says; null where it has none. */
  public @Nullable String destinationPath() {
    String path = tags.get(DESTINATION);
    return path == null || path.isBlank() ? null : path.strip();
  }

  /** Full name of its spans table, where its tag says so. */
  public @Nullable String spansTable() {
    String table = tags.get(SPANS_TABLE);
    return table == null || table.isBlank() ? null : table.strip();
  }
}
