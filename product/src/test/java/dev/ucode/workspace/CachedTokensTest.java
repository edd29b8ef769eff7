package dev.ucode.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.FakeHttp;
import dev.ucode.http.HttpFailure;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.FakeClock;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.os.Folders;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedTokensTest {
  private static final WorkspaceUrl WORKSPACE = new WorkspaceUrl("https://a.test");
  private static final String MINT = "https://a.test/oidc/v1/token";
  private static final SignIn PAT = new SignIn.PatProfile("p");
  private static final SignIn ROBOT = new SignIn.ClientCredentialsProfile("r");

  @TempDir Path home;
  private FakeEnvironment env;
  private Folders folders;
  private final FakeHttp http = new FakeHttp();
  private final FakeClock clock = new FakeClock();
  private CachedTokens tokens;

  @BeforeEach
  void create() throws IOException {
    env = new FakeEnvironment(home);
    folders = Folders.of(env);
    profiles("one");
    tokens = new CachedTokens(env, folders, http, clock);
  }

  @AfterEach
  void everythingAnnouncedWasAsked() {
    assertThat(http.unused()).isEmpty();
  }

  @Test
  void aPatIsReadEachTimeAndKeptNowhere() throws Exception {
    assertThat(get(PAT)).isEqualTo("one");
    profiles("two");
    assertThat(get(PAT)).isEqualTo("two");
    assertThat(folders.root()).doesNotExist();
  }

  @Test
  void aRefusedPatIsReplacedOnlyByAnother() throws Exception {
    var refusal = catchThrowableOfType(UserException.class, () -> replace(PAT, "one"));
    assertThat(refusal.problem().what()).contains("https://a.test", "profile 'p'");
    assertThat(refusal.problem().what() + refusal.problem().why()).doesNotContain("one ");
    profiles("two");
    assertThat(replace(PAT, "one")).isEqualTo("two");
  }

  @Test
  void aProfileOfAnotherWorkspaceGivesNothing() {
    assertThatThrownBy(() -> tokens.get(new WorkspaceUrl("https://b.test"), PAT, soon()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not for https://b.test");
  }

  @Test
  void clientCredentialsAreMintedOnceAndCachedPrivately() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 3600));
    assertThat(get(ROBOT)).isEqualTo("t1");
    Call call = http.calls().getFirst();
    assertThat(call.headers()).containsEntry("Authorization", "Basic aWQ6c2VjcmV0");
    assertThat(new String(call.body(), StandardCharsets.UTF_8))
        .isEqualTo("grant_type=client_credentials&scope=all-apis");
    // Another process finds it.
    var other = new CachedTokens(env, folders, http, clock);
    assertThat(other.get(WORKSPACE, ROBOT, soon())).isEqualTo("t1");
    try (var files = Files.list(folders.tokens())) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.tokens())))
        .isEqualTo("rwx------");
  }

  @Test
  void aTokenPastHalfItsLifeIsNotHandedOut() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 3600));
    get(ROBOT);
    clock.advance(Duration.ofMinutes(30));
    assertThat(get(ROBOT)).isEqualTo("t1");
    clock.advance(Duration.ofSeconds(1));
    http.answer("POST", MINT, 200, token("t2", 3600));
    assertThat(get(ROBOT)).isEqualTo("t2");
  }

  @Test
  void aTokenWithLessThanAMinuteIsNotHandedOutTwice() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 100));
    get(ROBOT);
    clock.advance(Duration.ofSeconds(40));
    assertThat(get(ROBOT)).isEqualTo("t1");
    clock.advance(Duration.ofSeconds(1));
    http.answer("POST", MINT, 200, token("t2", 100));
    assertThat(get(ROBOT)).isEqualTo("t2");
  }

  @Test
  void aClockPutBackMakesATokenUnknown() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 3600));
    get(ROBOT);
    clock.advance(Duration.ofDays(-3));
    http.answer("POST", MINT, 200, token("t2", 3600));
    assertThat(get(ROBOT)).isEqualTo("t2");
  }

  @Test
  void aRefusedTokenIsRenewedOnceForAll() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 3600));
    get(ROBOT);
    http.answer("POST", MINT, 200, token("t2", 3600));
    assertThat(replace(ROBOT, "t1")).isEqualTo("t2");
    // Another process comes with the same refused token and finds the new one.
    assertThat(new CachedTokens(env, folders, http, clock).replace(WORKSPACE, ROBOT, "t1", soon()))
        .isEqualTo("t2");
  }

  @Test
  void manyAtOnceMintOne() throws Exception {
    http.answer("POST", MINT, 200, token("t1", 3600));
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var start = new CountDownLatch(1);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        var mine = new CachedTokens(env, folders, http, clock);
        var _ =
            pool.submit(
                () -> {
                  start.await();
                  return seen.add(mine.get(WORKSPACE, ROBOT, soon()));
                });
      }
      start.countDown();
      pool.shutdown();
      assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(seen).containsExactly("t1");
    assertThat(http.calls()).hasSize(1);
  }

  @Test
  void aRefusedServicePrincipalSaysSo() {
    http.answer(
        "POST",
        MINT,
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}");
    var refusal = catchThrowableOfType(UserException.class, () -> get(ROBOT));
    assertThat(refusal.problem().what()).contains("invalid_client");
    assertThat(refusal.problem().why()).isEqualTo("Client authentication failed");
    assertThat(refusal.problem().fix()).singleElement().asString().contains("profile 'r'");
  }

  @Test
  void aBusyOrUnreachableEndpointIsNobodysFault() {
    http.answer("POST", MINT, 503, "busy").fail("POST", MINT, HttpFailure.Kind.NOT_SENT);
    var busy = catchThrowableOfType(HttpFailure.class, () -> get(ROBOT));
    assertThat(busy.kind()).isEqualTo(HttpFailure.Kind.NOT_SENT);
    assertThatThrownBy(() -> get(ROBOT)).isInstanceOf(HttpFailure.class);
  }

  @Test
  void aLoginPageIsNoTokenEndpoint() {
    http.answer("POST", MINT, 200, "<html>Sign in</html>");
    assertThatThrownBy(() -> get(ROBOT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot sign in");
  }

  @Test
  void theEnvironmentsTokenIsForItsHostAlone() throws Exception {
    SignIn bearer = new SignIn.EnvironmentVariable("DATABRICKS_BEARER");
    env.set("DATABRICKS_BEARER", "b").set("DATABRICKS_HOST", "https://b.test");
    assertThatThrownBy(() -> get(bearer))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("DATABRICKS_BEARER is not for https://a.test");
    env.set("DATABRICKS_HOST", "https://a.test/?o=1");
    assertThat(get(bearer)).isEqualTo("b");
    env.unset("DATABRICKS_HOST");
    assertThatThrownBy(() -> get(bearer)).isInstanceOf(UserException.class);
    assertThat(tokens.named(WORKSPACE).get(WORKSPACE, bearer, soon())).isEqualTo("b");
    env.unset("DATABRICKS_BEARER");
    var gone = catchThrowableOfType(UserException.class, () -> get(bearer));
    assertThat(gone.problem().what()).contains("not signed in");
    assertThat(gone.problem().why()).contains("DATABRICKS_BEARER");
  }

  @Test
  void theIntervalIsAQuarterOfTheLife() throws Exception {
    assertThat(tokens.interval(WORKSPACE, PAT, soon())).hasSeconds(900);
    http.answer("POST", MINT, 200, token("t1", 1200));
    assertThat(tokens.interval(WORKSPACE, ROBOT, soon())).hasSeconds(300);
  }

  @Test
  void aDryRunLeavesNoFile() throws Exception {
    var dry = CachedTokens.leavingNothing(env, folders, http, clock);
    http.answer("POST", MINT, 200, token("t1", 3600));
    assertThat(dry.get(WORKSPACE, ROBOT, soon())).isEqualTo("t1");
    assertThat(dry.get(WORKSPACE, ROBOT, soon())).isEqualTo("t1");
    assertThat(folders.root()).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNobodyTheirToken() throws Exception {
    Files.createDirectories(folders.root());
    Files.writeString(folders.tokens(), "a file in the folder's place");
    http.answer("POST", MINT, 200, token("t1", 3600));
    assertThat(get(ROBOT)).isEqualTo("t1");
    assertThat(get(ROBOT)).isEqualTo("t1");
  }

  private String get(SignIn signIn) throws HttpFailure {
    return tokens.get(WORKSPACE, signIn, soon());
  }

  private String replace(SignIn signIn, String refused) throws HttpFailure {
    return tokens.replace(WORKSPACE, signIn, refused, soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static String token(String token, int seconds) {
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
        .formatted(token, seconds);
  }

  private void profiles(String pat) throws IOException {
    Files.writeString(
        home.resolve(".databrickscfg"),
        """
        [p]
        host = https://a.test
        token = %s
        [r]
        host = https://a.test
        client_id = id
        client_secret = secret
        """
            .formatted(pat));
  }
}
