package dev.ucode.sink.uc;

import dev.ucode.http.Call;
import dev.ucode.http.Deadline;
import dev.ucode.http.Reply;
import dev.ucode.json.Json;
import dev.ucode.sink.SendResult;
import dev.ucode.sink.TraceSink.Presence;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.TraceId;
import dev.ucode.workspace.TraceDestination;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the spans table by SQL ({@code POST /api/2.0/sql/statements}) what it holds. A statement
 * would start a stopped warehouse, which costs the company money and the person minutes: its state
 * is looked at first.
 */
final class SpansTable {
  /** What the statement endpoint waits at most; the least is 5 s. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);

  private final TraceDestination destination;
  private final Exchange exchange;

  SpansTable(TraceDestination destination, Exchange exchange) {
    this.destination = destination;
    this.exchange = exchange;
  }

  Presence spansOf(TraceId trace, Deadline deadline) {
    String warehouse = destination.warehouseId();
    if (warehouse == null) {
      return new Presence.Never("no SQL warehouse is configured to ask");
    }
    String stopped = whyNot(warehouse, deadline);
    if (stopped != null) {
      return new Presence.NotNow(stopped);
    }
    long wait =
        Math.clamp(
            deadline.left().toSeconds() - 1, SHORTEST_WAIT.toSeconds(), LONGEST_WAIT.toSeconds());
    Json body =
        Json.object()
            .put("warehouse_id", warehouse)
            .put("statement", statement(destination.spansTable()))
            .put(
                "parameters",
                List.of(
                    Json.object()
                        .put("name", "trace_id")
                        .put("value", trace.hex())
                        .put("type", "STRING")
                        .build()))
            .put("wait_timeout", wait + "s")
            .put("on_wait_timeout", "CANCEL")
            .put("disposition", "INLINE")
            .put("format", "JSON_ARRAY")
            .build();
    Call call = Call.json("POST", uri("/api/2.0/sql/statements"), body.write());
    Set<SpanId> found = new HashSet<>();
    Json page = json(call, deadline);
    if (page == null || !"SUCCEEDED".equals(state(page))) {
      return new Presence.NotNow("the question to the spans table failed: " + reason(page));
    }
    Json result = page.get("result");
    while (true) {
      if (result != null && !collect(result, found)) {
        return new Presence.NotNow("the spans table's answer cannot be read");
      }
      String next = result == null ? null : result.text("next_chunk_internal_link");
      if (next == null) {
        return new Presence.Spans(Set.copyOf(found));
      }
      result = next.startsWith("/") ? json(Call.get(uri(next)), deadline) : null;
      if (result == null) {
        return new Presence.NotNow("the rest of the spans table's answer is missing");
      }
    }
  }

  /** The statement, with the table's name quoted where it must be. */
  static String statement(String table) {
    return "SELECT span_id FROM " + quoted(table) + " WHERE trace_id = :trace_id";
  }

  private static String quoted(String table) {
    StringBuilder name = new StringBuilder();
    for (String part : table.split("\\.", -1)) {
      if (!name.isEmpty()) {
        name.append('.');
      }
      boolean plain = part.matches("[A-Za-z_][A-Za-z0-9_]*");
      name.append(plain ? part : "`" + part.replace("`", "``") + "`");
    }
    return name.toString();
  }

  /** Why the warehouse cannot be asked, or null where it can. */
  private @Nullable String whyNot(String warehouse, Deadline deadline) {
    Call call = Call.get(uri("/api/2.0/sql/warehouses/" + Exchange.segment(warehouse)));
    Json found = json(call, deadline);
    if (found == null) {
      return "SQL warehouse " + warehouse + " does not answer";
    }
    String state = found.text("state", "");
    return state.equals("RUNNING")
        ? null
        : "SQL warehouse " + warehouse + (state.isEmpty() ? " is not there" : " is " + state);
  }

  private static boolean collect(Json result, Set<SpanId> found) {
    for (Json row : result.items("data_array")) {
      String id =
          row instanceof Json.Arr cells && !cells.items().isEmpty()
              ? cells.items().getFirst().asText()
              : null;
      if (id == null || !id.matches("[0-9a-fA-F]{16}")) {
        return false;
      }
      found.add(new SpanId(id.toLowerCase(Locale.ROOT)));
    }
    return true;
  }

  private static @Nullable String state(Json answer) {
    Json status = answer.get("status");
    return status == null ? null : status.text("state");
  }

  private static String reason(@Nullable Json answer) {
    Json error = answer == null ? null : answer.at("status", "error");
    return error != null
        ? error.text("error_code", "") + " " + error.text("message", "")
        : answer == null ? "no answer" : "state " + state(answer);
  }

  private URI uri(String path) {
    return destination.workspace().resolve(path);
  }

  /** The answer's JSON, or null where there is none or it is an error. */
  private @Nullable Json json(Call call, Deadline deadline) {
    return switch (exchange.ask(call, deadline)) {
      case Exchange.Answer.Whole(Reply reply) -> reply.ok() ? reply.json() : null;
      case Exchange.Answer.Failed(SendResult result) -> null;
    };
  }
}
