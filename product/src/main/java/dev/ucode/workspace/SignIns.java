package dev.ucode.workspace;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.DatabricksConfig.Profile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a person is signed in to a workspace: variables of the environment first, then
 * profiles of {@code ~/.databrickscfg}. Reads only, asks nobody.
 */
public final class SignIns {
  /** A token for one workspace, as some CI systems hand it out. */
  public static final String BEARER = "DATABRICKS_BEARER";

  /** A personal access token for {@code DATABRICKS_HOST}. */
  public static final String TOKEN = "DATABRICKS_TOKEN";

  /** The service principal's id, for {@code DATABRICKS_HOST}. */
  public static final String CLIENT_ID = "DATABRICKS_CLIENT_ID";

  /** The service principal's secret. */
  public static final String CLIENT_SECRET = "DATABRICKS_CLIENT_SECRET";

  /** The workspace that the variables above belong to. */
  public static final String HOST = "DATABRICKS_HOST";

  /** Set by a launch for the agent and what it runs: the workspace it was launched for. */
  public static final String LAUNCHED_FOR = "UCODE_WORKSPACE";

  private final Environment env;

  public SignIns(Environment env) {
    this.env = env;
  }

  /**
   * A workspace and how one is signed in to it.
   *
   * @param notes what was chosen among several, and what was passed over
   */
  public record Found(WorkspaceUrl workspace, SignIn signIn, List<String> notes) {
    public Found {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The workspace and sign-in of a profile.
   *
   * @throws UserException where there is no such profile, or it cannot be used
   */
  public Found ofProfile(String name) {
    DatabricksConfig config = DatabricksConfig.read(env);
    Profile profile = config.profile(name);
    String host = profile.get("host");
    if (host == null) {
      throw new UserException(
          Problem.failure(
              "profile '" + name + "' in " + config.file() + " has no host",
              null,
              "add a line: host = https://<your workspace>"));
    }
    WorkspaceUrl workspace = WorkspaceUrl.parse(host);
    if (workspace == null) {
      throw new UserException(
          Problem.failure(
              "profile '" + name + "' in " + config.file() + " has no usable host",
              WorkspaceUrl.refusal(host),
              "correct its line host = …"));
    }
    return new Found(workspace, method(config, profile), List.of());
  }

  /**
   * How one is signed in to a workspace.
   *
   * @param named whether the person named this workspace in this very command, so that a token of
   *     the environment without {@code DATABRICKS_HOST} can only mean this one
   * @throws UserException where there is no way that works without asking
   */
  public Found of(WorkspaceUrl workspace, boolean named) {
    SignIn variable = variable(workspace, named);
    if (variable != null) {
      return new Found(workspace, variable, List.of());
    }
    DatabricksConfig config = DatabricksConfig.read(env);
    List<Profile> usable = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (Profile profile : config.profiles().values()) {
      String host = profile.get("host");
      if (host == null || !workspace.equals(WorkspaceUrl.parse(host))) {
        continue;
      }
      if (methodOrNull(profile) == null) {
        unusable.add(profile.name());
      } else {
        usable.add(profile);
      }
    }
    if (usable.isEmpty()) {
      throw notSignedIn(workspace, config, unusable);
    }
    Profile chosen = preferred(usable);
    List<String> notes = new ArrayList<>();
    if (usable.size() > 1) {
      List<String> others = new ArrayList<>();
      usable.forEach(p -> others.add(p.name()));
      others.remove(chosen.name());
      notes.add(
          "signed in with profile '"
              + chosen.name()
              + "'; also for this workspace: "
              + String.join(", ", others)
              + " (choose with --profiles)");
    }
    return new Found(workspace, method(config, chosen), notes);
  }

  /** A profile with a host and a method that works here; for choosing a workspace. */
  public List<String> usableProfiles() {
    List<String> names = new ArrayList<>();
    for (Profile profile : DatabricksConfig.read(env).profiles().values()) {
      String host = profile.get("host");
      if (host != null && WorkspaceUrl.parse(host) != null && methodOrNull(profile) != null) {
        names.add(profile.name());
      }
    }
    return names;
  }

  /** The variable that holds a token for this workspace, or null. */
  public @Nullable SignIn variable(WorkspaceUrl workspace, boolean named) {
    boolean ours = belongsTo(workspace);
    if (env.present(BEARER) != null && (ours || (named && env.present(HOST) == null))) {
      return new SignIn.EnvironmentVariable(BEARER);
    }
    if (!ours || !workspace.equals(parsed(HOST))) {
      return null;
    }
    if (env.present(TOKEN) != null) {
      return new SignIn.EnvironmentVariable(TOKEN);
    }
    if (env.present(CLIENT_ID) != null && env.present(CLIENT_SECRET) != null) {
      return new SignIn.EnvironmentVariable(CLIENT_SECRET);
    }
    return null;
  }

  /** Whether the environment's tokens are for this workspace. */
  boolean belongsTo(WorkspaceUrl workspace) {
    WorkspaceUrl host = parsed(HOST);
    return workspace.equals(host != null ? host : parsed(LAUNCHED_FOR));
  }

  private @Nullable WorkspaceUrl parsed(String variable) {
    String text = env.present(variable);
    return text == null ? null : WorkspaceUrl.parse(text);
  }

  private Profile preferred(List<Profile> usable) {
    String wanted = env.present("DATABRICKS_CONFIG_PROFILE");
    for (String name : new String[] {wanted, DatabricksConfig.DEFAULT}) {
      for (Profile profile : usable) {
        if (profile.name().equals(name)) {
          return profile;
        }
      }
    }
    return usable.getFirst();
  }

  private static SignIn method(DatabricksConfig config, Profile profile) {
    SignIn method = methodOrNull(profile);
    if (method != null) {
      return method;
    }
    String type = profile.get("auth_type");
    String what = "profile '" + profile.name() + "' in " + config.file();
    if ("pat".equals(type)) {
      throw new UserException(
          Problem.failure(what + " has no token", null, "add a line: token = <your token>"));
    }
    throw new UserException(
        Problem.failure(
            what + " cannot be used to sign in",
            type == null
                ? "it holds neither a token nor client_id and client_secret"
                : "auth_type " + type + " is not supported yet",
            "use a profile with a token, or with client_id and client_secret",
            "or set DATABRICKS_HOST and DATABRICKS_BEARER"));
  }

  static @Nullable SignIn methodOrNull(Profile profile) {
    String type = profile.get("auth_type");
    boolean token = profile.get("token") != null;
    boolean client = profile.get("client_id") != null && profile.get("client_secret") != null;
    if (type == null) {
      if (token && !client) {
        return new SignIn.PatProfile(profile.name());
      }
      return client && !token ? new SignIn.ClientCredentialsProfile(profile.name()) : null;
    }
    return switch (type) {
      case "pat" -> token ? new SignIn.PatProfile(profile.name()) : null;
      case "oauth-m2m" -> client ? new SignIn.ClientCredentialsProfile(profile.name()) : null;
      default -> null;
    };
  }

  private UserException notSignedIn(
      WorkspaceUrl workspace, DatabricksConfig config, List<String> unusable) {
    String why;
    if (!unusable.isEmpty()) {
      why =
          "profile "
              + String.join(", ", unusable)
              + " is for it, but by a method that is not supported yet";
    } else if (env.present(BEARER) != null || env.present(TOKEN) != null) {
      why = "the token in the environment belongs to " + env.present(HOST);
    } else {
      why = "no profile in " + config.file() + " has this host";
    }
    return new UserException(
        Problem.failure(
            "not signed in to " + workspace,
            why,
            "add a profile to " + config.file() + ": host = " + workspace + " and token = …",
            "or set DATABRICKS_HOST=" + workspace + " and DATABRICKS_TOKEN"));
  }
}
