package dev.ucode.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInsTest {
  private static final WorkspaceUrl A = new WorkspaceUrl("https://a.test");
  private static final WorkspaceUrl B = new WorkspaceUrl("https://b.test");

  @TempDir Path home;
  private FakeEnvironment env;
  private SignIns signIns;

  @BeforeEach
  void create() throws IOException {
    env = new FakeEnvironment(home);
    signIns = new SignIns(env);
    Files.writeString(
        home.resolve(".databrickscfg"),
        """
        [DEFAULT]
        host = https://A.test/
        token = t1
        [second]
        host = https://a.test
        auth_type = pat
        token = t2
        [robot]
        host = https://b.test
        client_id = id
        client_secret = secret
        [browser]
        host = https://c.test
        auth_type = databricks-cli
        [empty]
        host = https://d.test
        auth_type = pat
        [plain]
        host = http://e.test
        token = t
        [nohost]
        token = t
        """);
  }

  @Test
  void aTokenInAProfileIsAPat() {
    assertThat(signIns.ofProfile("DEFAULT"))
        .isEqualTo(new SignIns.Found(A, new SignIn.PatProfile("DEFAULT"), java.util.List.of()));
    assertThat(signIns.ofProfile("second").signIn()).isEqualTo(new SignIn.PatProfile("second"));
  }

  @Test
  void clientCredentialsInAProfile() {
    assertThat(signIns.of(B, false).signIn())
        .isEqualTo(new SignIn.ClientCredentialsProfile("robot"));
  }

  @Test
  void ofSeveralProfilesDefaultIsTakenAndTheOthersNamed() {
    SignIns.Found found = signIns.of(A, false);
    assertThat(found.signIn()).isEqualTo(new SignIn.PatProfile("DEFAULT"));
    assertThat(found.notes()).singleElement().asString().contains("second");
    env.set("DATABRICKS_CONFIG_PROFILE", "second");
    assertThat(signIns.of(A, false).signIn()).isEqualTo(new SignIn.PatProfile("second"));
  }

  @Test
  void profilesThatCannotBeUsedSayWhy() {
    assertThat(problem("browser").why()).contains("databricks-cli");
    assertThat(problem("empty").what()).contains("no token");
    assertThat(problem("plain").why()).contains("http://").contains("https://e.test");
    assertThat(problem("nohost").what()).contains("no host");
    assertThat(problem("missing").what()).contains("missing");
    var refusal =
        catchThrowableOfType(
            UserException.class, () -> signIns.of(new WorkspaceUrl("https://c.test"), false));
    assertThat(refusal.problem().why()).contains("browser");
  }

  @Test
  void aBearerCountsForItsHostAlone() {
    env.set("DATABRICKS_BEARER", "b").set("DATABRICKS_HOST", "https://b.test");
    assertThat(signIns.of(B, false).signIn())
        .isEqualTo(new SignIn.EnvironmentVariable("DATABRICKS_BEARER"));
    assertThat(signIns.of(A, true).signIn()).isEqualTo(new SignIn.PatProfile("DEFAULT"));
  }

  @Test
  void aBearerWithoutHostCountsForTheWorkspaceThatWasNamedOrLaunched() {
    env.set("DATABRICKS_BEARER", "b");
    assertThat(signIns.of(B, false).signIn()).isInstanceOf(SignIn.ClientCredentialsProfile.class);
    assertThat(signIns.of(B, true).signIn()).isInstanceOf(SignIn.EnvironmentVariable.class);
    env.set("UCODE_WORKSPACE", "https://b.test");
    assertThat(signIns.of(B, false).signIn()).isInstanceOf(SignIn.EnvironmentVariable.class);
  }

  @Test
  void tokenAndClientOfTheEnvironmentNeedTheHost() {
    env.set("DATABRICKS_TOKEN", "t");
    assertThat(signIns.variable(B, true)).isNull();
    env.set("DATABRICKS_HOST", "b.test");
    assertThat(signIns.variable(B, false))
        .isEqualTo(new SignIn.EnvironmentVariable("DATABRICKS_TOKEN"));
    env.unset("DATABRICKS_TOKEN").set("DATABRICKS_CLIENT_ID", "i");
    assertThat(signIns.variable(B, false)).isNull();
    env.set("DATABRICKS_CLIENT_SECRET", "s");
    assertThat(signIns.variable(B, false))
        .isEqualTo(new SignIn.EnvironmentVariable("DATABRICKS_CLIENT_SECRET"));
  }

  @Test
  void aBlankBearerIsNone() {
    env.set("DATABRICKS_BEARER", "  ").set("DATABRICKS_HOST", "https://b.test");
    assertThat(signIns.variable(B, false)).isNull();
  }

  @Test
  void usableProfilesAreThoseWithHostAndMethod() {
    assertThat(signIns.usableProfiles()).containsExactly("DEFAULT", "second", "robot");
  }

  private dev.ucode.problem.Problem problem(String profile) {
    return catchThrowableOfType(UserException.class, () -> signIns.ofProfile(profile)).problem();
  }
}
