package dev.ucode.agent;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What an agent's settings must do for tracing. */
public sealed interface Tracing {
  /** Nothing. */
  record Off() implements Tracing {}

  /**
   * Hooks that wake our worker.
   *
   * @param destination the destination's id, fixed in the hooks' argument
   */
  record Native(String destination) implements Tracing {}

  /**
   * The MLflow command line's own Stop hook; our hooks feed the local store alone.
   *
   * @param command absolute path of {@code mlflow}
   * @param trackingUri {@code databricks} or {@code databricks://<profile>}
   */
  record Mlflow(Path command, String trackingUri, String experimentId, @Nullable String warehouseId)
      implements Tracing {}

  /** Destination id of hooks whose events go into the local store and nowhere else. */
  String LOCAL = "local";

  /** No tracing. */
  Tracing OFF = new Off();
}
