package dev.ucode.sandbox.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final String ME = "/api/2.0/preview/scim/v2/Me";
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder, StartingState.PROVISIONED, now::get);
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @Test
  void aPersonalTokenSaysWhoOneIs() throws Exception {
    var answer = asked.get(ME).expect(200);
    assertThat(answer.json().path("userName").asText()).isEqualTo("dev@sandbox.test");
    assertThat(answer.json().path("groups").findValuesAsText("display"))
        .containsExactly("users", "admins");
    assertThat(answer.raw().headers().firstValue("X-Databricks-Org-Id")).isPresent();
    assertThat(
            asked
                .ask(asked.strangerToken(), "GET", ME, null)
                .expect(200)
                .json()
                .path("groups")
                .findValuesAsText("display"))
        .containsExactly("users");
    assertThat(asked.ask("dapi0", "GET", ME, null).expect(401).error())
        .isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void discoveryNamesTheTokenEndpointWithoutAToken() throws Exception {
    var config = asked.send(asked.request("/.well-known/databricks-config", null)).expect(200);
    assertThat(config.json().path("oidc_endpoint").asText())
        .isEqualTo(asked.sandbox().url() + "/oidc");
    assertThat(config.json().path("cloud").asText()).isEqualTo("AWS");
    var metadata =
        asked.send(asked.request("/oidc/.well-known/oauth-authorization-server", null)).expect(200);
    assertThat(metadata.json().path("token_endpoint").asText())
        .isEqualTo(asked.sandbox().url() + "/oidc/v1/token");
  }

  @Test
  void clientCredentialsByBasicHeaderAndByForm() throws Exception {
    String id = asked.client().get(0);
    String secret = asked.client().get(1);
    String basic =
        Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    var byHeader =
        token("grant_type=client_credentials&scope=all-apis", "Basic " + basic).expect(200);
    var byForm =
        token("grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret, null)
            .expect(200);
    for (var issued : new Asked.Answer[] {byHeader, byForm}) {
      assertThat(issued.json().path("token_type").asText()).isEqualTo("Bearer");
      assertThat(issued.json().path("expires_in").asLong()).isEqualTo(3600);
      assertThat(issued.json().has("refresh_token")).isFalse();
      String access = issued.json().path("access_token").asText();
      assertThat(asked.ask(access, "GET", ME, null).expect(200).json().path("displayName").asText())
          .isEqualTo("ucode-ci");
      byte[] claims = Base64.getUrlDecoder().decode(access.split("\\.", -1)[1]);
      assertThat(Json.parse(claims).path("exp").asLong())
          .isEqualTo(now.get().getEpochSecond() + 3600);
    }
  }

  @Test
  void wrongClientsAndGrantsAreRefused() throws Exception {
    String id = asked.client().getFirst();
    assertThat(
            token("grant_type=client_credentials&client_id=" + id + "&client_secret=no", null)
                .expect(401)
                .json()
                .path("error")
                .asText())
        .isEqualTo("invalid_client");
    token("grant_type=client_credentials", null).expect(401);
    token("grant_type=client_credentials", "Basic !!").expect(401);
    assertThat(token("grant_type=password", null).expect(400).json().path("error").asText())
        .isEqualTo("unsupported_grant_type");
    assertThat(
            token("grant_type=refresh_token&refresh_token=no", null)
                .expect(400)
                .json()
                .path("error")
                .asText())
        .isEqualTo("invalid_grant");
  }

  @Test
  void accessTokensExpireAfterTheirLifetime() throws Exception {
    asked.admin("POST", "/sandbox/settings", "{\"oauth_lifetime_seconds\": 5}").expect(200);
    String access = issue();
    asked.ask(access, "GET", ME, null).expect(200);
    now.set(now.get().plusSeconds(6));
    asked.ask(access, "GET", ME, null).expect(401);
    asked.get(ME).expect(200);
  }

  @Test
  void accessTokensCanBeEndedOnRequest() throws Exception {
    String access = issue();
    var ended = asked.admin("POST", "/sandbox/tokens/expire", "{}").expect(200);
    assertThat(ended.json().path("expired").asInt()).isEqualTo(1);
    asked.ask(access, "GET", ME, null).expect(401);
    asked.get(ME).expect(200);
  }

  @Test
  void aRefreshTokenWorksOnceAndIsReplaced() throws Exception {
    String first =
        asked
            .admin("POST", "/sandbox/refresh-tokens", "{}")
            .expect(200)
            .json()
            .path("refresh_token")
            .asText();
    var issued = refresh(first).expect(200);
    asked.ask(issued.json().path("access_token").asText(), "GET", ME, null).expect(200);
    String second = issued.json().path("refresh_token").asText();
    assertThat(second).isNotEqualTo(first);
    refresh(first).expect(400);
    refresh(second).expect(200);
  }

  @Test
  void secretsAreStoredAsHashesOnly() throws Exception {
    String access = issue();
    for (String sql :
        new String[] {
          "SELECT hash FROM access_token",
          "SELECT secret_hash FROM oauth_client",
          "SELECT hash FROM refresh_token"
        }) {
      assertThat(asked.column(sql))
          .doesNotContain(asked.sandbox().token(), access, asked.client().get(1))
          .allSatisfy(hash -> assertThat(hash).matches("[0-9a-f]{64}"));
    }
  }

  private String issue() throws Exception {
    return token(
            "grant_type=client_credentials&client_id="
                + asked.client().get(0)
                + "&client_secret="
                + asked.client().get(1),
            null)
        .expect(200)
        .json()
        .path("access_token")
        .asText();
  }

  private Asked.Answer refresh(String token) throws Exception {
    return token(
        "grant_type=refresh_token&client_id=databricks-cli&refresh_token="
            + URLEncoder.encode(token, StandardCharsets.UTF_8),
        null);
  }

  private Asked.Answer token(String form, @Nullable String authorization) throws Exception {
    HttpRequest.Builder request =
        asked
            .request("/oidc/v1/token", null)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return asked.send(
        authorization == null ? request : request.header("Authorization", authorization));
  }
}
