package dev.ucode.state;

import org.jspecify.annotations.Nullable;

/**
 * Tracing of one workspace.
 *
 * @param enabled whether launched agents are traced
 * @param destination id of the destination in {@link WorkspaceState#destinations}; null where
 *     tracing was never configured
 * @param mlflow absolute path of the MLflow command line, with {@link Exporter#MLFLOW}
 */
public record TracingState(
    boolean enabled, Exporter exporter, @Nullable String destination, @Nullable String mlflow) {
  /** Never configured. */
  public static final TracingState OFF = new TracingState(false, Exporter.NATIVE, null, null);
}
