package dev.ucode.os;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Programs of a test's own; one that was not announced cannot be run. */
public final class FakePrograms implements Programs {
  private final Map<String, Path> onPath = new HashMap<>();
  private final Map<String, Function<List<String>, Outcome>> programs = new HashMap<>();
  private final List<List<String>> runs = new ArrayList<>();
  private final List<Map<String, String>> environments = new ArrayList<>();

  /** Puts a program on {@code PATH}; what it does depends on its arguments. */
  public FakePrograms put(String name, Path file, Function<List<String>, Outcome> does) {
    onPath.put(name, file);
    programs.put(file.toString(), does);
    return this;
  }

  @Override
  public @Nullable Path find(String name) {
    return onPath.get(name);
  }

  @Override
  public Outcome run(
      List<String> command, Map<String, String> environment, Path folder, Duration patience) {
    runs.add(List.copyOf(command));
    environments.add(Map.copyOf(environment));
    Function<List<String>, Outcome> program = programs.get(command.getFirst());
    if (program == null) {
      throw new AssertionError("unannounced program: " + command);
    }
    return program.apply(command.subList(1, command.size()));
  }

  /** What was run, in order. */
  public List<List<String>> runs() {
    return List.copyOf(runs);
  }

  /** Variables set for each run. */
  public List<Map<String, String>> environments() {
    return List.copyOf(environments);
  }

  public static Outcome says(String out) {
    return new Outcome(0, out, "");
  }
}
