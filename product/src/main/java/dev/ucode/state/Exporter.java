package dev.ucode.state;

/** Who sends a workspace's traces. */
public enum Exporter {
  /** Our own worker; needs nothing but ucode. */
  NATIVE,
  /** The MLflow command line, run by the agent's Stop hook; our hooks then feed the local store. */
  MLFLOW;

  /** As written in state and on the command line. */
  public String word() {
    return switch (this) {
      case NATIVE -> "native";
      case MLFLOW -> "mlflow";
    };
  }
}
