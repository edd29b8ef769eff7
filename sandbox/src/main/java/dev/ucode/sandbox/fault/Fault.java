package dev.ucode.sandbox.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Mishap;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One fault: which requests it befalls, and what then happens. It counts the requests that fit, so
 * it belongs to one {@link Faults}, which guards it.
 */
final class Fault {
  private static final Set<String> FIELDS =
      Set.of(
          "kind",
          "path",
          "method",
          "status",
          "error_code",
          "message",
          "delay_ms",
          "rows",
          "times",
          "after",
          "probability",
          "seed");

  final String id;
  private final ObjectNode wish;
  private final FaultKind kind;
  private final Pattern path;
  private final @Nullable String method;
  private final Duration delay;
  private final long times;
  private final long after;
  private final double probability;
  private final Random random;
  private long seen;
  private long hits;

  /**
   * @param wish {@code kind} and {@code path} (with {@code *} for any characters), and optionally
   *     {@code method, status, error_code, message, delay_ms, rows}; {@code after} lets so many
   *     fitting requests pass first; {@code times} limits how many are hit; {@code probability} and
   *     {@code seed} hit some, the same ones each time for the same seed
   * @throws ApiException 400 where something of it makes no sense
   */
  Fault(String id, ObjectNode wish) {
    for (var member : wish.properties()) {
      if (!FIELDS.contains(member.getKey())) {
        throw ApiException.invalid("A fault has no field '" + member.getKey() + "'.");
      }
    }
    this.id = id;
    this.wish = wish.deepCopy();
    this.kind = FaultKind.of(Json.text(wish, "kind", ""));
    this.path = glob(Json.text(wish, "path", "*"));
    String only = Json.text(wish, "method");
    this.method = only == null ? null : only.toUpperCase(Locale.ROOT);
    this.delay = Duration.ofMillis(number(wish, "delay_ms", 1000));
    this.times = number(wish, "times", Long.MAX_VALUE);
    this.after = number(wish, "after", 0);
    this.probability = wish.path("probability").asDouble(1);
    this.random = new Random(number(wish, "seed", 0));
    if (probability < 0 || probability > 1) {
      throw ApiException.invalid("probability must be between 0 and 1.");
    }
    long status = number(wish, "status", 500);
    if (status < 200 || status > 599) {
      throw ApiException.invalid("status must be between 200 and 599.");
    }
  }

  /** What befalls the request, or null where this fault lets it pass. */
  @Nullable Mishap strike(Request request) {
    boolean fits =
        (method == null || method.equals(request.method()))
            && path.matcher(request.path()).matches();
    if (!fits || hits >= times) {
      return null;
    }
    seen++;
    if (seen <= after || random.nextDouble() >= probability) {
      return null;
    }
    hits++;
    return mishap();
  }

  private Mishap mishap() {
    return switch (kind) {
      case STATUS -> new Mishap.Answered(answer(500, "INTERNAL_ERROR", "Failed on request."));
      case RATE_LIMIT ->
          new Mishap.Answered(
              answer(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests.")
                  .header(
                      "Retry-After",
                      Long.toString(Math.max(1, Math.ceilDiv(delay.toMillis(), 1000L)))));
      case EXPIRED_TOKEN ->
          new Mishap.Answered(answer(401, "UNAUTHENTICATED", "Access token expired."));
      case INVALID_TOKEN -> new Mishap.Answered(answer(400, "BAD_REQUEST", "Invalid Token"));
      case FORBIDDEN ->
          new Mishap.Answered(answer(403, "PERMISSION_DENIED", "No permission, on request."));
      case DELAY -> new Mishap.Delayed(delay, false);
      case DELAY_AFTER_COMMIT -> new Mishap.Delayed(delay, true);
      case CUT_BEFORE_COMMIT -> new Mishap.Cut(false);
      case CUT_AFTER_COMMIT -> new Mishap.Cut(true);
      case LATE_COMMIT ->
          new Mishap.CommittedLate(
              delay,
              wish.has("status") ? answer(504, "TEMPORARILY_UNAVAILABLE", "Too slow.") : null);
      case LATE_VISIBILITY -> new Mishap.ShownLate(delay);
      case HALF_RESPONSE -> new Mishap.Halved();
      case PARTIAL_SUCCESS -> new Mishap.PartlyRefused((int) number(wish, "rows", 1));
    };
  }

  private Reply answer(int status, String code, String message) {
    int wanted = (int) number(wish, "status", status);
    return wanted < 300
        ? Reply.json(wanted, Json.object())
        : new ApiException(
                wanted, Json.text(wish, "error_code", code), Json.text(wish, "message", message))
            .reply();
  }

  /** As it was wished, with its id and how often it struck. */
  ObjectNode json() {
    return Json.object().put("id", id).<ObjectNode>setAll(wish).put("seen", seen).put("hits", hits);
  }

  private static long number(ObjectNode wish, String name, long otherwise) {
    JsonNode value = wish.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || value.asLong() < 0) {
      throw ApiException.invalid(name + " must be a whole number that is not negative.");
    }
    return value.asLong();
  }

  private static Pattern glob(String glob) {
    StringBuilder regex = new StringBuilder();
    for (String literal : glob.split("\\*", -1)) {
      regex
          .append(regex.isEmpty() ? "" : ".*")
          .append("(?:")
          .append(Pattern.quote(literal))
          .append(')');
    }
    return Pattern.compile(regex.toString());
  }
}
