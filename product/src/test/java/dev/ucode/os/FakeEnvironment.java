package dev.ucode.os;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An environment of a test's own; nothing of the real one shows through. */
public final class FakeEnvironment implements Environment {
  private final Path home;
  private final Map<String, String> variables = new HashMap<>();

  public FakeEnvironment(Path home) {
    this.home = home;
  }

  public FakeEnvironment set(String name, String value) {
    variables.put(name, value);
    return this;
  }

  public FakeEnvironment unset(String name) {
    variables.remove(name);
    return this;
  }

  @Override
  public @Nullable String get(String name) {
    return variables.get(name);
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public Path workingDirectory() {
    return home;
  }
}
