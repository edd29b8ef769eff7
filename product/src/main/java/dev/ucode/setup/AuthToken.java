package dev.ucode.setup;

import dev.ucode.http.Deadline;
import dev.ucode.http.HttpFailure;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.state.State;
import dev.ucode.state.StateFile;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.SignIns;
import dev.ucode.workspace.Tokens;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ucode auth-token --host H [--profile P]}: the token helper that agents' settings name. It
 * gives the token of that workspace or none, never another's, and asks nobody.
 */
public final class AuthToken {
  /** Agents wait for it, some no longer than this. */
  private static final Duration PATIENCE = Duration.ofMillis(4500);

  private final Environment env;
  private final Folders folders;
  private final Tokens tokens;

  public AuthToken(Environment env, Folders folders, Tokens tokens) {
    this.env = env;
    this.folders = folders;
    this.tokens = tokens;
  }

  /**
   * The token.
   *
   * @param args what stands after {@code auth-token}
   * @throws UserException where there is none to be had
   */
  public String get(List<String> args) {
    String host = null;
    String profile = null;
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      switch (name) {
        case "--host", "--profile" -> {
          String value =
              equals >= 0 ? word.substring(equals + 1) : i + 1 < args.size() ? args.get(++i) : "";
          if (value.isBlank()) {
            throw new UserException(Problem.usage(name + " needs a value", null));
          }
          if (name.equals("--host")) {
            host = value;
          } else {
            profile = value;
          }
        }
        case "--use-pat", "--force-refresh" -> {
          // In settings files of the program this one follows; the sign-in itself says what it is.
        }
        default ->
            throw new UserException(
                Problem.usage(
                    "auth-token does not know '" + word + "'",
                    null,
                    "usage: ucode auth-token --host <address> [--profile <name>]"));
      }
    }
    WorkspaceUrl workspace = workspace(host);
    Deadline deadline = Deadline.in(PATIENCE);
    try {
      return tokens.get(workspace, signIn(workspace, profile), deadline);
    } catch (HttpFailure e) {
      throw new UserException(
          Problem.failure(
              "cannot get a token for " + workspace,
              e.getMessage(),
              "check the network, then try again"),
          e);
    }
  }

  private WorkspaceUrl workspace(@Nullable String host) {
    if (host != null) {
      return WorkspaceChoice.parse(host);
    }
    WorkspaceUrl current = new StateFile(folders).read().current();
    if (current == null) {
      throw new UserException(
          Problem.failure(
              "no workspace to get a token for",
              "none is given with --host, and none is configured",
              "run: ucode configure"));
    }
    return current;
  }

  private SignIn signIn(WorkspaceUrl workspace, @Nullable String profile) {
    SignIns signIns = new SignIns(env);
    SignIn variable = signIns.variable(workspace, false);
    if (variable instanceof SignIn.EnvironmentVariable(String name)
        && name.equals(SignIns.BEARER)) {
      return variable;
    }
    if (profile != null) {
      return signIns.ofProfile(profile).signIn(); // the tokens refuse one of another workspace
    }
    State state = new StateFile(folders).read();
    WorkspaceState known = state.workspaces().get(workspace);
    return known != null ? known.signIn() : signIns.of(workspace, false).signIn();
  }
}
