package dev.ucode.workspace;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.HttpFailure;
import dev.ucode.http.Reply;
import dev.ucode.json.Json;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.os.OsLock;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.DatabricksConfig.Profile;
import dev.ucode.workspace.TokenCache.Minted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Tokens} from profiles and variables. A personal access token is read each time and copied
 * nowhere; a service principal's is minted at {@code {host}/oidc/v1/token}, cached in a private
 * file, and renewed by one process at a time.
 */
public final class CachedTokens implements Tokens {
  /** How long an agent keeps a token at most before it asks for the next one. */
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(15);

  /** Where a token endpoint does not say how long its token lives. */
  private static final Duration UNSAID_LIFE = Duration.ofMinutes(10);

  private final Environment env;
  private final Http http;
  private final InstantSource clock;
  private final TokenCache cache;
  private final SignIns signIns;
  private final @Nullable WorkspaceUrl named;

  public CachedTokens(Environment env, Folders folders, Http http, InstantSource clock) {
    this(env, http, clock, new TokenCache(folders.tokens(), true), null);
  }

  private CachedTokens(
      Environment env,
      Http http,
      InstantSource clock,
      TokenCache cache,
      @Nullable WorkspaceUrl named) {
    this.env = env;
    this.http = http;
    this.clock = clock;
    this.cache = cache;
    this.signIns = new SignIns(env);
    this.named = named;
  }

  /** The same, leaving no file behind: for a dry run. */
  public static CachedTokens leavingNothing(
      Environment env, Folders folders, Http http, InstantSource clock) {
    return new CachedTokens(env, http, clock, new TokenCache(folders.tokens(), false), null);
  }

  /**
   * The same for a workspace that the person named in this very command: without {@code
   * DATABRICKS_HOST}, {@code DATABRICKS_BEARER} can only mean this one.
   */
  public CachedTokens named(WorkspaceUrl workspace) {
    return new CachedTokens(env, http, clock, cache, workspace);
  }

  @Override
  public String get(WorkspaceUrl workspace, SignIn signIn, Deadline deadline) throws HttpFailure {
    return grant(workspace, signIn, null, deadline).token();
  }

  @Override
  public String replace(WorkspaceUrl workspace, SignIn signIn, String refused, Deadline deadline)
      throws HttpFailure {
    String token = grant(workspace, signIn, refused, deadline).token();
    if (token.equals(refused)) {
      throw refused(workspace, signIn);
    }
    return token;
  }

  /**
   * How long an agent may keep a token before it asks again: a quarter of its life, at most a
   * quarter of an hour.
   */
  public Duration interval(WorkspaceUrl workspace, SignIn signIn, Deadline deadline)
      throws HttpFailure {
    Duration life = grant(workspace, signIn, null, deadline).life();
    if (life == null || life.dividedBy(4).compareTo(LONGEST_INTERVAL) > 0) {
      return LONGEST_INTERVAL;
    }
    Duration quarter = life.dividedBy(4);
    return quarter.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : quarter;
  }

  /** A token, and how long such a token lives where that is known. */
  private record Grant(String token, @Nullable Duration life) {}

  private Grant grant(
      WorkspaceUrl workspace, SignIn signIn, @Nullable String refused, Deadline deadline)
      throws HttpFailure {
    return switch (signIn) {
      case SignIn.PatProfile pat -> new Grant(pat(workspace, pat.profile()), null);
      case SignIn.ClientCredentialsProfile client -> {
        Profile profile = profile(workspace, client.profile());
        yield minted(
            workspace,
            signIn,
            new Client(profile.get("client_id"), profile.get("client_secret")),
            refused,
            deadline);
      }
      case SignIn.EnvironmentVariable variable -> {
        if (variable.name().equals(SignIns.CLIENT_SECRET)) {
          Client client =
              new Client(env.present(SignIns.CLIENT_ID), env.present(SignIns.CLIENT_SECRET));
          requireOurs(workspace, variable);
          yield minted(workspace, signIn, client, refused, deadline);
        }
        requireOurs(workspace, variable);
        String token = env.present(variable.name());
        if (token == null) {
          throw missing(workspace, variable);
        }
        yield new Grant(token, null);
      }
    };
  }

  private String pat(WorkspaceUrl workspace, String name) {
    String token = profile(workspace, name).get("token");
    if (token == null) {
      throw new UserException(
          Problem.failure(
              "profile '" + name + "' holds no token any more",
              null,
              "put a line token = … back into it, or run: ucode configure"));
    }
    return token;
  }

  /** The profile, if it still is this workspace's: one's token never goes to another's. */
  private Profile profile(WorkspaceUrl workspace, String name) {
    DatabricksConfig config = DatabricksConfig.read(env);
    Profile profile = config.profile(name);
    String host = profile.get("host");
    if (host == null || !workspace.equals(WorkspaceUrl.parse(host))) {
      throw new UserException(
          Problem.failure(
              "profile '" + name + "' is not for " + workspace,
              "its host is " + (host == null ? "missing" : host),
              "correct it in "
                  + config.file()
                  + ", or run: ucode configure --workspaces "
                  + workspace));
    }
    return profile;
  }

  private void requireOurs(WorkspaceUrl workspace, SignIn.EnvironmentVariable variable) {
    if (signIns.belongsTo(workspace)) {
      return;
    }
    boolean free = env.present(SignIns.HOST) == null && variable.name().equals(SignIns.BEARER);
    if (free && workspace.equals(named)) {
      return;
    }
    throw env.present(variable.name()) == null
        ? missing(workspace, variable)
        : new UserException(
            Problem.failure(
                variable.name() + " is not for " + workspace,
                env.present(SignIns.HOST) == null
                    ? "DATABRICKS_HOST does not say which workspace it is for"
                    : "DATABRICKS_HOST is " + env.present(SignIns.HOST),
                "set DATABRICKS_HOST=" + workspace));
  }

  private static UserException missing(
      WorkspaceUrl workspace, SignIn.EnvironmentVariable variable) {
    return new UserException(
        Problem.failure(
            "not signed in to " + workspace,
            "it was set up with " + variable.name() + ", which this process does not have",
            "set DATABRICKS_HOST=" + workspace + " and " + variable.name(),
            "or sign in for good with a profile: ucode configure --profiles <profile>"));
  }

  private static UserException refused(WorkspaceUrl workspace, SignIn signIn) {
    String what =
        switch (signIn) {
          case SignIn.PatProfile pat -> "the token of profile '" + pat.profile() + "'";
          case SignIn.ClientCredentialsProfile client ->
              "a fresh token of profile '" + client.profile() + "'";
          case SignIn.EnvironmentVariable variable -> "the token from " + variable.name();
        };
    return new UserException(
        Problem.failure(
            workspace + " refuses " + what,
            "it has expired or was revoked",
            "make a new token in the workspace (Settings, Developer, Access tokens) and put it in"
                + " the old one's place"));
  }

  /** What a service principal signs in with; toString shows nothing of it. */
  private record Client(@Nullable String id, @Nullable String secret) {
    @Override
    public String toString() {
      return "client credentials";
    }
  }

  private Grant minted(
      WorkspaceUrl workspace,
      SignIn signIn,
      Client client,
      @Nullable String refused,
      Deadline deadline)
      throws HttpFailure {
    String key = TokenCache.key(workspace, signIn);
    Minted held = good(key, refused);
    if (held != null) {
      return new Grant(held.token(), held.life());
    }
    OsLock lock = cache.lock(key, deadline.left());
    try {
      Minted meanwhile = good(key, refused); // whoever had the lock before may have minted it
      if (meanwhile != null) {
        return new Grant(meanwhile.token(), meanwhile.life());
      }
      Minted fresh = mint(workspace, signIn, client, deadline);
      cache.write(key, fresh);
      return new Grant(fresh.token(), fresh.life());
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private @Nullable Minted good(String key, @Nullable String refused) {
    Minted held = cache.read(key);
    return held != null && held.usable(clock.instant()) && !held.token().equals(refused)
        ? held
        : null;
  }

  private Minted mint(WorkspaceUrl workspace, SignIn signIn, Client client, Deadline deadline)
      throws HttpFailure {
    if (client.id() == null || client.secret() == null) {
      throw new UserException(
          Problem.failure(
              "not signed in to " + workspace,
              "client_id and client_secret of the service principal are not both there",
              "put them back, or run: ucode configure"));
    }
    String basic =
        Base64.getEncoder()
            .encodeToString((client.id() + ":" + client.secret()).getBytes(StandardCharsets.UTF_8));
    Call call =
        new Call(
            "POST",
            workspace.resolve("/oidc/v1/token"),
            Map.of(
                "Accept", "application/json",
                "Content-Type", "application/x-www-form-urlencoded",
                "Authorization", "Basic " + basic),
            "grant_type=client_credentials&scope=all-apis".getBytes(StandardCharsets.UTF_8));
    Instant asked = clock.instant();
    Reply reply = http.send(call, deadline);
    Json body = reply.json();
    String token = body == null ? null : body.text("access_token");
    if (reply.ok() && body != null && token != null && !token.isBlank()) {
      Long seconds = body.number("expires_in");
      // Counted from before the request, so that a slow answer makes it shorter, never longer.
      return new Minted(
          token,
          Instant.ofEpochSecond(asked.getEpochSecond()),
          seconds == null || seconds <= 0 ? UNSAID_LIFE : Duration.ofSeconds(seconds));
    }
    if (reply.status() == 429 || reply.status() >= 500) {
      String what = "the token endpoint of " + workspace + " answered HTTP " + reply.status();
      throw new HttpFailure(HttpFailure.Kind.NOT_SENT, what, new IOException(what));
    }
    throw notMinted(workspace, signIn, reply, body);
  }

  private static UserException notMinted(
      WorkspaceUrl workspace, SignIn signIn, Reply reply, @Nullable Json body) {
    String error = body == null ? null : body.text("error");
    if (error == null) {
      return new UserException(
          Problem.failure(
              "cannot sign in to " + workspace,
              "its token endpoint answered HTTP " + reply.status() + " without saying why",
              "check that the address is that of a Databricks workspace"));
    }
    String where =
        signIn instanceof SignIn.ClientCredentialsProfile client
            ? "client_id and client_secret of profile '" + client.profile() + "'"
            : "DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET";
    return new UserException(
        Problem.failure(
            workspace + " refuses the service principal (" + error + ")",
            body == null ? null : body.text("error_description"),
            "check " + where + ": the secret may have expired"));
  }
}
