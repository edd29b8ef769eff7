package dev.ucode;

import dev.ucode.http.Deadline;
import dev.ucode.http.HttpFailure;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.state.State;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.SignIns;
import dev.ucode.workspace.Tokens;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ucode auth-token --host URL [--profile NAME]}: what agents run to get a token. It prints
 * the token and nothing else, or fails; it never prints one workspace's token for another, and
 * never asks anybody anything.
 */
final class AuthToken {
  /** Agents give up on a helper after a while; a late token is no use. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SignIns signIns;
  private final Tokens tokens;

  AuthToken(SignIns signIns, Tokens tokens) {
    this.signIns = signIns;
    this.tokens = tokens;
  }

  /**
   * The token.
   *
   * @param words what follows the verb
   * @param state where the workspace's sign-in is remembered, and the current workspace
   */
  String get(List<String> words, State state) {
    String host = null;
    String profile = null;
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "--host" -> host = next(words, i++);
        case "--profile" -> profile = next(words, i++);
        case "--use-pat", "--force-refresh" -> {
          // Older settings files of agents carry these; the sign-in itself says what it is.
        }
        default -> throw usage("auth-token knows no word '" + words.get(i) + "'");
      }
    }
    WorkspaceUrl workspace = workspace(host, state);
    try {
      return tokens.get(workspace, signIn(workspace, profile, state), Deadline.in(PATIENCE));
    } catch (HttpFailure e) {
      throw new UserException(
          Problem.failure("no token for " + workspace, e.getMessage(), "try again"), e);
    }
  }

  private static WorkspaceUrl workspace(@Nullable String host, State state) {
    if (host == null) {
      if (state.current() == null) {
        throw new UserException(
            Problem.failure("no workspace is configured", null, "run: ucode configure"));
      }
      return state.current();
    }
    WorkspaceUrl workspace = WorkspaceUrl.parse(host);
    if (workspace == null) {
      throw usage("--host: " + WorkspaceUrl.refusal(host));
    }
    return workspace;
  }

  private SignIn signIn(WorkspaceUrl workspace, @Nullable String profile, State state) {
    if (profile != null) {
      return signIns.ofProfile(profile).signIn(); // the tokens refuse one of another workspace
    }
    WorkspaceState known = state.workspaces().get(workspace);
    return known != null ? known.signIn() : signIns.of(workspace, false).signIn();
  }

  private static String next(List<String> words, int at) {
    if (at + 1 >= words.size()) {
      throw usage(words.get(at) + " needs a value");
    }
    return words.get(at + 1);
  }

  private static UserException usage(String what) {
    return new UserException(
        Problem.usage(what, null, "ucode auth-token --host URL [--profile NAME]"));
  }
}
