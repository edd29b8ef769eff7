package dev.ucode.agent;

import dev.ucode.workspace.SignIn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of ours that agents' settings name: the token helper and the hook. */
public final class Helpers {
  private Helpers() {}

  /**
   * Prints a token for the context's workspace and nothing else. Names are in it, never a secret.
   */
  public static List<String> token(AgentContext context) {
    List<String> words =
        new ArrayList<>(
            List.of(
                context.ucode().toString(), "auth-token", "--host", context.workspace().value()));
    switch (context.signIn()) {
      case SignIn.PatProfile(String profile) -> words.addAll(List.of("--profile", profile));
      case SignIn.ClientCredentialsProfile(String profile) ->
          words.addAll(List.of("--profile", profile));
      case SignIn.EnvironmentVariable variable -> {
        // Found in the environment that the agent hands on.
      }
    }
    return List.copyOf(words);
  }

  /** Puts an agent's event into our inbox; the agent and the destination go into its name. */
  public static List<String> hook(AgentContext context, String agent, String destination) {
    Path hook = context.folders().bin().resolve("hook");
    return List.of(hook.toString(), agent, destination);
  }

  /** Words as one line for a POSIX shell, in quotes where they need them. */
  public static String shell(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(
          word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }
}
