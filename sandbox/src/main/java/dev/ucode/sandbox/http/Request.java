package dev.ucode.sandbox.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that was read whole, matched to a route and, where the route asks, authenticated. */
public final class Request {
  private final String method;
  private final String path;
  private final Map<String, List<String>> query;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final Instant received;
  private final Map<String, String> notes = new LinkedHashMap<>();
  private Map<String, String> pathParameters = Map.of();
  private @Nullable Caller caller;
  private Duration visibleAfter = Duration.ZERO;
  private int rowsToReject;

  /**
   * @param headers names in lower case
   * @param received when the request line arrived
   */
  Request(
      String method,
      String path,
      @Nullable String rawQuery,
      Map<String, List<String>> headers,
      byte[] body,
      Instant received) {
    this.method = method;
    this.path = path;
    this.query = Urls.decodeForm(rawQuery);
    this.headers = headers;
    this.body = body;
    this.received = received;
  }

  /** HTTP method, upper case. */
  public String method() {
    return method;
  }

  /** The raw path, still percent-encoded, without the query. */
  public String path() {
    return path;
  }

  /** When it arrived. */
  public Instant received() {
    return received;
  }

  /** A parameter of the route's pattern, decoded. */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return value;
  }

  /** The first query value of that name. */
  public @Nullable String query(String name) {
    List<String> values = query.get(name);
    return values == null ? null : values.getFirst();
  }

  /** Every query value of that name, in order. */
  public List<String> queries(String name) {
    return query.getOrDefault(name, List.of());
  }

  /**
   * A whole number from the query, or the given one where it is absent.
   *
   * @throws ApiException 400 where it is no number
   */
  public int query(String name, int otherwise) {
    String value = query(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw ApiException.invalid("Parameter '" + name + "' must be a whole number, was: " + value);
    }
  }

  /** The first value of a header, whatever the case of its name. */
  public @Nullable String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /** The address the client reached the server at, without a final slash. */
  public String baseUrl() {
    String host = header("Host");
    return "http://" + (host == null ? "127.0.0.1" : host);
  }

  /**
   * All headers, names in lower case. Holds secrets: for the server's own log use a masked copy.
   */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** The body as it came, still compressed where Content-Encoding says so. */
  public byte[] body() {
    return body;
  }

  /**
   * The body as a JSON object; no body is an empty object.
   *
   * @throws ApiException 400 where it is anything else
   */
  public ObjectNode json() {
    if (Json.parse(body) instanceof ObjectNode object) {
      return object;
    }
    throw new ApiException(400, "MALFORMED_REQUEST", "The request body must be a JSON object");
  }

  /** The body as an HTML form, first value of each name. */
  public Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    Urls.decodeForm(new String(body, StandardCharsets.UTF_8))
        .forEach((name, values) -> form.put(name, values.getFirst()));
    return form;
  }

  /** The authenticated caller. Only on routes with {@link Access#USER}. */
  public Caller caller() {
    Caller who = caller;
    if (who == null) {
      throw new IllegalStateException("the route " + method + " " + path + " has no caller");
    }
    return who;
  }

  /** The caller's name for the log, if there is one. */
  @Nullable String callerName() {
    Caller who = caller;
    return who == null ? null : who.userName();
  }

  /** Keeps a fact about this call, such as the model asked for, in the request log. */
  public void note(String name, String value) {
    synchronized (notes) {
      notes.put(name, value);
    }
  }

  /** What was noted so far. */
  public Map<String, String> notes() {
    synchronized (notes) {
      return Map.copyOf(notes);
    }
  }

  /**
   * How long after the answer readers may see what this request writes; zero unless a fault says
   * otherwise. Table writers hand it to the store.
   */
  public Duration visibleAfter() {
    return visibleAfter;
  }

  void visibleAfter(Duration delay) {
    visibleAfter = delay;
  }

  /** How many of the rows it brings are to be refused; zero unless a fault says otherwise. */
  public int rowsToReject() {
    return rowsToReject;
  }

  void rowsToReject(int rows) {
    rowsToReject = rows;
  }

  void matched(Map<String, String> parameters) {
    pathParameters = parameters;
  }

  void authenticated(Caller who) {
    caller = who;
  }
}
