package dev.ucode.os;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An environment with some variables replaced; one that is replaced by nothing counts as unset.
 *
 * @param folder the working directory
 */
public record OverlaidEnvironment(Environment below, Map<String, String> variables, Path folder)
    implements Environment {
  public OverlaidEnvironment {
    variables = Map.copyOf(variables);
  }

  @Override
  public @Nullable String get(String name) {
    String value = variables.get(name);
    return value == null ? below.get(name) : value.isEmpty() ? null : value;
  }

  @Override
  public Path home() {
    String home = get("HOME");
    return home == null ? below.home() : Path.of(home);
  }

  @Override
  public Path workingDirectory() {
    return folder;
  }
}
