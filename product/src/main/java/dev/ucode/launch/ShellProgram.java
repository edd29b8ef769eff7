package dev.ucode.launch;

import dev.ucode.agent.EnvValue;
import dev.ucode.agent.LaunchPlan;
import java.util.Map;

/**
 * A launch as a program for the launcher script, which becomes the agent by it: same process id,
 * signals and exit code are the agent's own, nothing of ours stays behind. Every word is quoted, so
 * that none of it is taken for anything but itself.
 */
final class ShellProgram {
  private ShellProgram() {}

  /** The program. It may hold secrets: it goes through a pipe, never into a file. */
  static String of(LaunchPlan plan) {
    StringBuilder program = new StringBuilder();
    for (Map.Entry<String, EnvValue> variable : plan.environment().entrySet()) {
      String name = variable.getKey();
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException("not a variable's name: " + name);
      }
      switch (variable.getValue()) {
        case EnvValue.Plain(String text) -> assign(program, name, text);
        case EnvValue.Secret secret -> assign(program, name, secret.text().get());
        case EnvValue.Unset unset -> program.append("unset ").append(name).append('\n');
      }
    }
    program.append("exec ").append(quote(plan.binary().toString()));
    for (String arg : plan.args()) {
      program.append(' ').append(quote(arg));
    }
    return program.append('\n').toString();
  }

  private static void assign(StringBuilder program, String name, String value) {
    program.append(name).append('=').append(quote(value)).append("; export ").append(name);
    program.append('\n');
  }

  /** The word within single quotes, in which a shell knows nothing but their end. */
  static String quote(String word) {
    if (word.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no program can be given a word with a NUL in it");
    }
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
