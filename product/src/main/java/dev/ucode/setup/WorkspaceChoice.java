package dev.ucode.setup;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.state.State;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.SignIns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which workspaces a command is about, and how one is signed in to them. Asks nobody. */
final class WorkspaceChoice {
  private final Environment env;
  private final SignIns signIns;

  WorkspaceChoice(Environment env) {
    this.env = env;
    this.signIns = new SignIns(env);
  }

  /** One of them; {@code named} where the person said so in this very command. */
  record Chosen(WorkspaceUrl url, SignIn signIn, boolean named, List<String> notes) {}

  List<Chosen> choose(List<String> workspaces, List<String> profiles, State state) {
    if (!workspaces.isEmpty() && !profiles.isEmpty()) {
      throw new UserException(
          Problem.usage(
              "--workspaces and --profiles cannot be used together",
              null,
              "leave one of them out"));
    }
    Map<WorkspaceUrl, Chosen> chosen = new LinkedHashMap<>();
    for (String profile : profiles) {
      SignIns.Found found = signIns.ofProfile(profile);
      chosen.putIfAbsent(
          found.workspace(), new Chosen(found.workspace(), found.signIn(), true, found.notes()));
    }
    for (String text : workspaces) {
      WorkspaceUrl url = parse(text);
      chosen.putIfAbsent(url, known(url, true, state));
    }
    return chosen.isEmpty() ? List.of(byDefault(state)) : List.copyOf(chosen.values());
  }

  private Chosen byDefault(State state) {
    String host = env.present(SignIns.HOST);
    if (host != null) {
      return known(parse(host), false, state);
    }
    String profile = env.present("DATABRICKS_CONFIG_PROFILE");
    WorkspaceUrl current = state.current();
    if (profile == null && current != null) {
      return known(current, false, state);
    }
    if (profile == null) {
      profile = onlyProfile();
    }
    SignIns.Found found = signIns.ofProfile(profile);
    List<String> notes = new ArrayList<>(found.notes());
    notes.add("workspace " + found.workspace() + " of profile '" + profile + "'");
    return new Chosen(found.workspace(), found.signIn(), false, notes);
  }

  private String onlyProfile() {
    List<String> usable = signIns.usableProfiles();
    if (usable.size() == 1) {
      return usable.getFirst();
    }
    if (usable.isEmpty()) {
      throw new UserException(
          Problem.failure(
              "no workspace to configure",
              "there is no DATABRICKS_HOST and no usable profile in ~/.databrickscfg",
              "name one: ucode configure --workspaces https://<your workspace>",
              "or try it without an account: ucode demo"));
    }
    throw new UserException(
        Problem.failure(
            "which workspace? ~/.databrickscfg has several profiles",
            String.join(", ", usable),
            "name one: ucode configure --profiles " + usable.getFirst()));
  }

  /**
   * How one is signed in to it: what the environment says, what was chosen before, what is found.
   */
  private Chosen known(WorkspaceUrl url, boolean named, State state) {
    WorkspaceState before = state.workspaces().get(url);
    SignIn profile = before == null ? null : stillGood(url, before.signIn());
    if (profile != null && signIns.variable(url, named) == null) {
      return new Chosen(url, profile, named, List.of());
    }
    SignIns.Found found = signIns.of(url, named);
    return new Chosen(url, found.signIn(), named, found.notes());
  }

  private @Nullable SignIn stillGood(WorkspaceUrl url, SignIn before) {
    String profile =
        switch (before) {
          case SignIn.PatProfile(String name) -> name;
          case SignIn.ClientCredentialsProfile(String name) -> name;
          case SignIn.EnvironmentVariable variable -> null;
        };
    if (profile == null) {
      return null;
    }
    try {
      SignIns.Found found = signIns.ofProfile(profile);
      return found.workspace().equals(url) ? found.signIn() : null;
    } catch (UserException gone) {
      return null;
    }
  }

  static WorkspaceUrl parse(String text) {
    WorkspaceUrl url = WorkspaceUrl.parse(text);
    if (url == null) {
      throw new UserException(
          Problem.usage(
              "not a workspace's address: " + text,
              WorkspaceUrl.refusal(text),
              "for example: https://acme.cloud.databricks.com"));
    }
    return url;
  }
}
