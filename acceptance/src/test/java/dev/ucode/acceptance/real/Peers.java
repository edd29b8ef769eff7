package dev.ucode.acceptance.real;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real programs that {@code acceptance/peers} installs. An absent one is a failure. */
final class Peers {
  private Peers() {}

  /** The Claude Code of a version, such as {@code 330} for 2.1.330. */
  public static Path claude(String version) {
    return present(folder().resolve("claude-" + version + "/node_modules/.bin/claude"));
  }

  /** The folder that holds {@code uv}. */
  public static Path uvFolder() {
    return present(folder().resolve("uv/bin/uv")).resolveSibling(".").normalize();
  }

  /** The Python that has the MLflow of a version, such as {@code 3.11}. */
  public static Path mlflowPython(String version) {
    return present(folder().resolve("mlflow-" + version + "/bin/python"));
  }

  private static Path folder() {
    String named = System.getenv("UCODE_PEERS");
    if (named != null) {
      return Path.of(named);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    return (cache == null ? home.resolve(".cache") : Path.of(cache)).resolve("ucode-peers");
  }

  private static Path present(Path program) {
    if (!Files.isExecutable(program)) {
      throw new AssertionError(program + " is missing; install it by: acceptance/peers");
    }
    return program;
  }
}
