package dev.ucode.status;

import dev.ucode.check.Check;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.problem.UserException;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.DatabricksConfig;
import dev.ucode.workspace.SignIn;
import java.util.List;

/** Whether tokens for a workspace can be had, as far as that is seen without asking it. */
final class SignInCheck {
  private static final String SUBJECT = "sign-in";

  private final Environment env;

  SignInCheck(Environment env) {
    this.env = env;
  }

  Check look(WorkspaceState workspace) {
    try {
      return switch (workspace.signIn()) {
        case SignIn.PatProfile(String name) ->
            profile(workspace.url(), name, "a personal access token", List.of("token"));
        case SignIn.ClientCredentialsProfile(String name) ->
            profile(
                workspace.url(),
                name,
                "a service principal",
                List.of("client_id", "client_secret"));
        case SignIn.EnvironmentVariable(String name) -> variable(name);
      };
    } catch (UserException e) {
      return new Check.Fail(SUBJECT, e.problem().what(), e.problem().fix());
    }
  }

  private Check profile(WorkspaceUrl url, String name, String what, List<String> keys) {
    DatabricksConfig config = DatabricksConfig.read(env);
    DatabricksConfig.Profile profile = config.profile(name);
    String host = profile.get("host");
    if (host == null || !url.equals(WorkspaceUrl.parse(host))) {
      return new Check.Fail(
          SUBJECT,
          "profile '" + name + "' is not for this workspace any more",
          List.of("correct it in " + config.file() + ", or run: ucode configure"));
    }
    for (String key : keys) {
      if (profile.get(key) == null) {
        return new Check.Fail(
            SUBJECT,
            "profile '" + name + "' has no " + key + " any more",
            List.of("put it back into " + config.file() + ", or run: ucode configure"));
      }
    }
    return new Check.Ok(SUBJECT, "by profile '" + name + "', " + what);
  }

  private Check variable(String name) {
    List<String> lasting = List.of("sign in for good: ucode configure --profiles <profile>");
    return env.present(name) == null
        ? new Check.Fail(SUBJECT, "by " + name + ", which is not set here: traces wait", lasting)
        : new Check.Warn(
            SUBJECT, "by " + name + ", which only this terminal has: traces may wait", lasting);
  }
}
