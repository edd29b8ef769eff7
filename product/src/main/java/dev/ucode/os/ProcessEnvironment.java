package dev.ucode.os;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

final class ProcessEnvironment implements Environment {
  @Override
  public @Nullable String get(String name) {
    return System.getenv(name);
  }

  @Override
  public Path home() {
    String home = present("HOME");
    return Path.of(home != null ? home : System.getProperty("user.home", "/"));
  }

  @Override
  public Path workingDirectory() {
    return Path.of(System.getProperty("user.dir", "/"));
  }
}
