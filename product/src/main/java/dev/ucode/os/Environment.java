package dev.ucode.os;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a process inherits. */
public interface Environment {
  /** The variable of that name, or null. */
  @Nullable String get(String name);

  /** The person's home folder ({@code HOME}, else the account's). */
  Path home();

  /** The folder the command was started in. */
  Path workingDirectory();

  /** The variable of that name unless it is unset or blank. */
  default @Nullable String present(String name) {
    String value = get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The process's own environment. */
  static Environment ofProcess() {
    return new ProcessEnvironment();
  }
}
