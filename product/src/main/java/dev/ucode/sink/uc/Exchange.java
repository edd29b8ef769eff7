package dev.ucode.sink.uc;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Http;
import dev.ucode.http.HttpFailure;
import dev.ucode.http.Reply;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.sink.SendResult;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.TraceDestination;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One authenticated request to the workspace, and what its answer says about whether the workspace
 * acted on it. A refused token is replaced once.
 */
final class Exchange {
  private final TraceDestination destination;
  private final Http http;
  private final Tokens tokens;

  Exchange(TraceDestination destination, Http http, Tokens tokens) {
    this.destination = destination;
    this.http = http;
    this.tokens = tokens;
  }

  /** What answers mean to one kind of request. */
  interface Meaning {
    /** A 2xx. */
    SendResult taken(Reply reply);

    /** A 409. */
    default SendResult conflict(Reply reply) {
      return new SendResult.Rejected(reply.summary());
    }
  }

  SendResult send(Call call, Deadline deadline, Meaning meaning) {
    Answer answer = ask(call, deadline);
    if (answer instanceof Answer.Failed failed) {
      return failed.result();
    }
    Reply reply = ((Answer.Whole) answer).reply();
    int status = reply.status();
    String said = reply.summary();
    if (reply.ok()) {
      return meaning.taken(reply);
    }
    return switch (status) {
      case 401 ->
          new SendResult.Blocked(
              destination.workspace() + " refuses the sign-in: run: ucode configure tracing");
      case 403 ->
          new SendResult.Blocked(
              "no permission at "
                  + destination.workspace()
                  + " (writing needs USE CATALOG, USE SCHEMA, and MODIFY and SELECT on "
                  + destination.spansTable()
                  + " and its sister tables): "
                  + said);
      case 404, 405, 501 ->
          new SendResult.Blocked(
              "not found at "
                  + destination.workspace()
                  + " (is "
                  + destination.spansTable()
                  + " still there?): "
                  + said);
      case 408 -> new SendResult.Unknown(said);
      case 409 -> meaning.conflict(reply);
      case 429 -> new SendResult.NotTaken(said, reply.retryAfter());
      default ->
          status >= 500 || status < 400
              ? new SendResult.Unknown(said)
              : new SendResult.Rejected(said);
    };
  }

  /** An answer, or what is known without one. */
  sealed interface Answer {
    record Whole(Reply reply) implements Answer {}

    record Failed(SendResult result) implements Answer {}
  }

  /** One request, with one more where the token was refused. */
  Answer ask(Call call, Deadline deadline) {
    try {
      String token = tokens.get(destination.workspace(), destination.signIn(), deadline);
      Answer answer = once(call, token, deadline);
      if (!(answer instanceof Answer.Whole(Reply reply)) || !isRefused(reply)) {
        return answer;
      }
      String other = tokens.replace(destination.workspace(), destination.signIn(), token, deadline);
      return once(call, other, deadline);
    } catch (UserException e) {
      return new Answer.Failed(new SendResult.Blocked(oneLine(e.problem())));
    } catch (HttpFailure e) {
      return new Answer.Failed(
          new SendResult.NotTaken(
              "no token for " + destination.workspace() + ": " + e.getMessage(), null));
    }
  }

  private Answer once(Call call, String token, Deadline deadline) {
    Reply reply;
    try {
      reply = http.send(call.bearer(token), deadline);
    } catch (HttpFailure e) {
      String why = String.valueOf(e.getMessage());
      return new Answer.Failed(
          e.kind() == HttpFailure.Kind.NOT_SENT
              ? new SendResult.NotTaken(why, null)
              : new SendResult.Unknown(why));
    }
    if (reply.isSignInPage()) {
      return new Answer.Failed(
          new SendResult.Blocked(
              destination.workspace()
                  + " answers with a sign-in page instead of an API: check its address, then run:"
                  + " ucode configure tracing"));
    }
    return new Answer.Whole(reply);
  }

  /**
   * Whether the token, rather than the person, was refused: 401, and the 403 that some front doors
   * give a token they cannot read.
   */
  private static boolean isRefused(Reply reply) {
    return reply.status() == 401
        || (reply.status() == 403 && !"PERMISSION_DENIED".equals(reply.errorCode()));
  }

  private static String oneLine(Problem problem) {
    StringBuilder line = new StringBuilder(problem.what());
    if (problem.why() != null) {
      line.append(": ").append(problem.why());
    }
    for (String step : problem.fix()) {
      line.append("; ").append(step);
    }
    return line.toString();
  }

  /** A part of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
