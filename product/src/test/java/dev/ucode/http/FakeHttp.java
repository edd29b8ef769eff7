package dev.ucode.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A strict stand-in for {@link Http}: each answer is announced for a method and an address before,
 * is given once, in order, and an unannounced request is an error of the test.
 */
public final class FakeHttp implements Http {
  private final Map<String, Deque<Function<Call, Reply>>> answers = new LinkedHashMap<>();
  private final List<Call> calls = new ArrayList<>();

  /** The next request of that kind gets this answer. */
  public FakeHttp answer(String method, String uri, int status, String body) {
    return answer(method, uri, call -> reply(status, body));
  }

  /** The next request of that kind gets what the function makes of it. */
  public synchronized FakeHttp answer(String method, String uri, Function<Call, Reply> answer) {
    answers.computeIfAbsent(method + " " + uri, key -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** The next request of that kind gets no answer. */
  public FakeHttp fail(String method, String uri, HttpFailure.Kind kind) {
    return answer(
        method,
        uri,
        call -> {
          throw new Broken(kind);
        });
  }

  @Override
  public Reply send(Call call, Deadline deadline) throws HttpFailure {
    Function<Call, Reply> answer;
    synchronized (this) {
      calls.add(call);
      Deque<Function<Call, Reply>> waiting = answers.get(call.method() + " " + call.uri());
      if (waiting == null || waiting.isEmpty()) {
        throw new AssertionError(
            "unannounced request: " + call + "\nannounced: " + answers.keySet());
      }
      answer = waiting.remove();
    }
    try {
      return answer.apply(call);
    } catch (Broken e) {
      throw new HttpFailure(
          e.kind, "cannot connect to " + call.uri().getAuthority(), new IOException("announced"));
    }
  }

  /** What was asked, in order. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** What was asked, in order, as {@code METHOD /path?query}. */
  public List<String> asked() {
    return calls().stream().map(c -> c.method() + " " + path(c.uri())).toList();
  }

  /** Announced answers that nobody asked for. */
  public synchronized List<String> unused() {
    return answers.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  public static Reply reply(int status, String body) {
    return new Reply(
        status,
        Map.of("content-type", body.startsWith("<") ? "text/html" : "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String path(URI uri) {
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final HttpFailure.Kind kind;

    private Broken(HttpFailure.Kind kind) {
      this.kind = kind;
    }
  }
}
