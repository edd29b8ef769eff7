package dev.ucode.workspace.rest;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.HttpFailure;
import dev.ucode.http.Reply;
import dev.ucode.json.Json;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.Tokens;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one workspace: signed, repeated where that is harmless and helps, and their failures
 * sorted. Redirects are not followed, so a token never goes to another host.
 */
final class RestClient {
  /** Attempts in all where a workspace says it is busy. */
  private static final int ATTEMPTS = 4;

  private static final Duration ONE_REQUEST = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Http http;
  private final WorkspaceUrl url;
  private final SignIn signIn;
  private final Tokens tokens;
  private final Consumer<Duration> pause;

  RestClient(Http http, WorkspaceUrl url, SignIn signIn, Tokens tokens, Consumer<Duration> pause) {
    this.http = http;
    this.url = url;
    this.signIn = signIn;
    this.tokens = tokens;
    this.pause = pause;
  }

  Json get(String path, Deadline deadline) throws ApiFailure {
    return json(Call.get(url.resolve(path)), deadline);
  }

  /** A POST that changes nothing on the server, so that it may be repeated. */
  Json query(String path, Json body, Deadline deadline) throws ApiFailure {
    return json(Call.json("POST", url.resolve(path), body.write()), deadline);
  }

  /** The answer's JSON. */
  Json json(Call call, Deadline deadline) throws ApiFailure {
    Reply reply = send(call, deadline);
    Json json = reply.json();
    if (json == null) {
      throw new ApiFailure(
          ApiFailure.Kind.NOT_AN_API,
          reply.status(),
          null,
          isHtml(reply)
              ? "it answered with a web page instead of data (a login page?)"
              : "it answered HTTP " + reply.status() + " with something that is not JSON");
    }
    return json;
  }

  /** A 2xx answer, whatever its body. */
  Reply send(Call call, Deadline deadline) throws ApiFailure {
    Duration wait = Duration.ofMillis(250);
    for (int attempt = 1; ; attempt++) {
      Reply reply = signed(call, deadline);
      if (reply.ok()) {
        return reply;
      }
      boolean busy = reply.status() == 429 || reply.status() == 503 || reply.status() == 504;
      if (!busy || attempt == ATTEMPTS) {
        throw failure(reply);
      }
      Duration asked = reply.retryAfter();
      Duration rest = asked == null ? wait : asked;
      if (rest.compareTo(LONGEST_PAUSE) > 0 || rest.compareTo(deadline.left()) > 0) {
        throw failure(reply);
      }
      pause.accept(rest);
      wait = wait.multipliedBy(2);
    }
  }

  private Reply signed(Call call, Deadline deadline) throws ApiFailure {
    try {
      String token = tokens.get(url, signIn, deadline);
      Reply reply = http.send(call.bearer(token), deadline.atMost(ONE_REQUEST));
      if (!tokenRefused(reply)) {
        return reply;
      }
      String fresh = tokens.replace(url, signIn, token, deadline);
      return http.send(call.bearer(fresh), deadline.atMost(ONE_REQUEST));
    } catch (HttpFailure e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, 0, null, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether the token was refused rather than the deed. Workspaces say so with 401, but also with
   * 400 and 403, where only the message tells.
   */
  static boolean tokenRefused(Reply reply) {
    if (reply.status() == 401) {
      return true;
    }
    if (reply.status() != 400 && reply.status() != 403) {
      return false;
    }
    Json json = reply.json();
    String message = json == null ? reply.text() : json.text("message", reply.text());
    String lower = message.toLowerCase(Locale.ROOT);
    return lower.contains("invalid token")
        || lower.contains("invalid access token")
        || lower.contains("token is expired")
        || lower.contains("token expired");
  }

  private static ApiFailure failure(Reply reply) {
    int status = reply.status();
    if (status >= 300 && status < 400) {
      return new ApiFailure(
          ApiFailure.Kind.NOT_AN_API,
          status,
          null,
          "it redirects to " + host(reply.header("Location")) + " (a login page?)");
    }
    if (isHtml(reply)) {
      ApiFailure.Kind kind =
          status == 429 || status >= 500
              ? ApiFailure.Kind.UNAVAILABLE
              : status == 403 ? ApiFailure.Kind.FORBIDDEN : ApiFailure.Kind.NOT_AN_API;
      return new ApiFailure(kind, status, null, "HTTP " + status + " with a web page");
    }
    ApiFailure.Kind kind =
        switch (status) {
          case 401, 403 -> ApiFailure.Kind.FORBIDDEN;
          case 404 -> ApiFailure.Kind.NOT_FOUND;
          case 429 -> ApiFailure.Kind.UNAVAILABLE;
          default -> status >= 500 ? ApiFailure.Kind.UNAVAILABLE : ApiFailure.Kind.REFUSED;
        };
    return new ApiFailure(kind, status, reply.errorCode(), reply.summary());
  }

  private static String host(@Nullable String location) {
    if (location == null) {
      return "nowhere";
    }
    // Without path and query: a login redirect carries one-time secrets there.
    return location.replaceFirst("^(https?://[^/?#]*).*$", "$1").replaceFirst("[?#].*$", "");
  }

  private static boolean isHtml(Reply reply) {
    String type = reply.header("Content-Type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }
}
