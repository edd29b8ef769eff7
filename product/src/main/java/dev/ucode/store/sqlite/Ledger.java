package dev.ucode.store.sqlite;

import static dev.ucode.store.sqlite.Columns.nanos;

import dev.ucode.name.AgentId;
import dev.ucode.store.Counter;
import dev.ucode.store.Harvest;
import dev.ucode.store.Parcel;
import dev.ucode.store.Sessions.Stored;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Span;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceJson;
import dev.ucode.trace.TraceUpdate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Enters what a reading brought in: tables trace, span, parcel, delivery and counter. */
final class Ledger {
  private static final int PROMPT = 300;

  private final Database database;

  Ledger(Database database) {
    this.database = database;
  }

  /** Runs inside the caller's transaction. */
  Stored enter(Harvest harvest) throws SQLException {
    Map<String, Integer> counts = new LinkedHashMap<>(harvest.counts());
    int traces = 0;
    int spans = 0;
    for (Harvest.Item item : harvest.items()) {
      TraceUpdate update = item.update();
      boolean known = isKnown(update.traceId());
      switch (update) {
        case TraceUpdate.Closed(Trace trace) -> {
          if (known) {
            counts.merge(Counter.REPEATED_TRACE, 1, Integer::sum);
          } else {
            insert(trace, item.masked(), harvest);
            traces++;
            spans += enter(trace.id(), trace.spans(), Map.of(), true, harvest, counts);
            if (!harvest.announced()) {
              counts.merge(Counter.UNANNOUNCED_TURN, 1, Integer::sum);
            }
          }
        }
        case TraceUpdate.Late late -> {
          if (known) {
            spans += enter(late.traceId(), late.spans(), late.tags(), false, harvest, counts);
            addToTrace(late);
          } else {
            counts.merge(Counter.ORPHAN_SPAN, late.spans().size(), Integer::sum);
          }
        }
      }
    }
    count(harvest.after().agent(), harvest.after().agentVersion(), counts);
    return new Stored(traces, spans);
  }

  private boolean isKnown(TraceId id) throws SQLException {
    PreparedStatement select = database.prepared("SELECT 1 FROM trace WHERE trace_id = ?");
    select.setString(1, id.hex());
    try (ResultSet rows = select.executeQuery()) {
      return rows.next();
    }
  }

  private void insert(Trace trace, Map<String, Integer> masked, Harvest harvest)
      throws SQLException {
    boolean keep = keeps(harvest);
    TokenUsage usage = trace.usage();
    PreparedStatement insert =
        database.prepared(
            "INSERT INTO trace (trace_id, agent, session, prompt_uuid, started, ended, state, name,"
                + " prompt, spans, usage_quality, input_tokens, output_tokens, cache_read_tokens,"
                + " cache_creation_tokens, metadata, tags, mode, masked, keep_content, announced,"
                + " stored) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?)");
    insert.setString(1, trace.id().hex());
    insert.setString(2, trace.agent().value());
    insert.setString(3, trace.session().value());
    insert.setString(4, trace.promptUuid());
    insert.setLong(5, nanos(trace.start()));
    insert.setLong(6, nanos(trace.end()));
    insert.setString(7, trace.state().name());
    insert.setString(8, trace.root().name());
    insert.setString(9, keep ? prompt(trace.root()) : "");
    insert.setString(10, usage.quality().name());
    insert.setLong(11, usage.input());
    insert.setLong(12, usage.output());
    insert.setLong(13, usage.cacheRead());
    insert.setLong(14, usage.cacheCreation());
    insert.setString(15, Columns.strings(trace.metadata()));
    insert.setString(16, Columns.strings(trace.tags()));
    insert.setString(17, harvest.mode());
    insert.setString(18, Columns.counts(masked));
    insert.setBoolean(19, harvest.keepContent());
    insert.setBoolean(20, harvest.announced());
    insert.setLong(21, nanos(harvest.at()));
    insert.executeUpdate();
  }

  /** Content that is neither kept nor to be sent is not stored at all. */
  private static boolean keeps(Harvest harvest) {
    return harvest.keepContent() || harvest.destination() != null;
  }

  private void addToTrace(TraceUpdate.Late late) throws SQLException {
    TokenUsage more = TokenUsage.UNKNOWN;
    for (Span span : late.spans()) {
      if (span.detail() instanceof Detail.ModelCall call) {
        more = more.plus(call.usage());
      }
    }
    PreparedStatement select = database.prepared("SELECT tags FROM trace WHERE trace_id = ?");
    select.setString(1, late.traceId().hex());
    Map<String, String> tags = new LinkedHashMap<>();
    try (ResultSet rows = select.executeQuery()) {
      if (rows.next()) {
        tags.putAll(Columns.strings(rows.getString("tags")));
      }
    }
    tags.putAll(late.tags());
    PreparedStatement update =
        database.prepared(
            "UPDATE trace SET tags = ?, input_tokens = input_tokens + ?,"
                + " output_tokens = output_tokens + ?, cache_read_tokens = cache_read_tokens + ?,"
                + " cache_creation_tokens = cache_creation_tokens + ? WHERE trace_id = ?");
    update.setString(1, Columns.strings(tags));
    update.setLong(2, more.input());
    update.setLong(3, more.output());
    update.setLong(4, more.cacheRead());
    update.setLong(5, more.cacheCreation());
    update.setString(6, late.traceId().hex());
    update.executeUpdate();
  }

  /** New spans of a trace, and its parcel; says how many were new. */
  private int enter(
      TraceId trace,
      List<Span> spans,
      Map<String, String> tags,
      boolean first,
      Harvest harvest,
      Map<String, Integer> counts)
      throws SQLException {
    String destination = first ? harvest.destination() : parcelOf(trace);
    int seq = first ? 0 : spansOf(trace);
    int added = 0;
    PreparedStatement insertSpan =
        database.prepared(
            "INSERT OR IGNORE INTO span (trace_id, span_id, seq, name, body)"
                + " VALUES (?, ?, ?, ?, ?)");
    PreparedStatement insertDelivery =
        database.prepared(
            "INSERT OR IGNORE INTO delivery (trace_id, destination, span_id, seq, size, status,"
                + " attempts, doubled) VALUES (?, ?, ?, ?, ?, 'PENDING', 0, 0)");
    for (Span span : spans) {
      String body = TraceJson.write(span).write();
      insertSpan.setString(1, trace.hex());
      insertSpan.setString(2, span.id().hex());
      insertSpan.setInt(3, seq);
      insertSpan.setString(4, span.name());
      Columns.set(insertSpan, 5, keeps(harvest) ? body : null);
      if (insertSpan.executeUpdate() == 0) {
        counts.merge(Counter.REPEATED_SPAN, 1, Integer::sum);
        continue;
      }
      if (destination != null) {
        insertDelivery.setString(1, trace.hex());
        insertDelivery.setString(2, destination);
        insertDelivery.setString(3, span.id().hex());
        insertDelivery.setInt(4, seq);
        insertDelivery.setLong(5, body.length());
        insertDelivery.executeUpdate();
      }
      seq++;
      added++;
    }
    PreparedStatement update =
        database.prepared("UPDATE trace SET spans = spans + ? WHERE trace_id = ?");
    update.setInt(1, added);
    update.setString(2, trace.hex());
    update.executeUpdate();
    if (destination != null && first) {
      openParcel(trace, destination, harvest.at());
    } else if (destination != null && (added > 0 || !tags.isEmpty())) {
      reopenParcel(trace, destination, tags, harvest.at());
    }
    return added;
  }

  private int spansOf(TraceId trace) throws SQLException {
    PreparedStatement select = database.prepared("SELECT spans FROM trace WHERE trace_id = ?");
    select.setString(1, trace.hex());
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** Late spans go where their trace went, whatever is configured by now. */
  private @Nullable String parcelOf(TraceId trace) throws SQLException {
    PreparedStatement select =
        database.prepared("SELECT destination FROM parcel WHERE trace_id = ?");
    select.setString(1, trace.hex());
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  private void openParcel(TraceId trace, String destination, Instant now) throws SQLException {
    PreparedStatement insert =
        database.prepared(
            "INSERT INTO parcel (trace_id, destination, accepted, state, info_sent, tags,"
                + " next_attempt, attempts, most_spans, rejections)"
                + " VALUES (?, ?, ?, 'WAITING', 0, '{}', ?, 0, ?, 0)");
    insert.setString(1, trace.hex());
    insert.setString(2, destination);
    insert.setLong(3, nanos(now));
    insert.setLong(4, nanos(now));
    insert.setInt(5, Parcel.ALL);
    insert.executeUpdate();
  }

  private void reopenParcel(
      TraceId trace, String destination, Map<String, String> tags, Instant now)
      throws SQLException {
    PreparedStatement select =
        database.prepared("SELECT state, tags FROM parcel WHERE trace_id = ? AND destination = ?");
    select.setString(1, trace.hex());
    select.setString(2, destination);
    Map<String, String> all = new LinkedHashMap<>();
    boolean waits;
    try (ResultSet rows = select.executeQuery()) {
      rows.next();
      waits = rows.getString("state").equals("WAITING");
      all.putAll(Columns.strings(rows.getString("tags")));
    }
    all.putAll(tags);
    // One that waits keeps its hour: it may wait for the answer to an open question.
    PreparedStatement update =
        database.prepared(
            "UPDATE parcel SET state = 'WAITING', tags = ?, accepted = iif(?, accepted, ?),"
                + " next_attempt = iif(?, next_attempt, ?)"
                + " WHERE trace_id = ? AND destination = ?");
    update.setString(1, Columns.strings(all));
    update.setBoolean(2, waits);
    update.setLong(3, nanos(now));
    update.setBoolean(4, waits);
    update.setLong(5, nanos(now));
    update.setString(6, trace.hex());
    update.setString(7, destination);
    update.executeUpdate();
  }

  private void count(AgentId agent, String version, Map<String, Integer> counts)
      throws SQLException {
    PreparedStatement add =
        database.prepared(
            "INSERT INTO counter (agent, agent_version, name, count) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET count = count + excluded.count");
    for (Map.Entry<String, Integer> one : counts.entrySet()) {
      if (one.getValue() > 0) {
        add.setString(1, agent.value());
        add.setString(2, version);
        add.setString(3, one.getKey());
        add.setInt(4, one.getValue());
        add.executeUpdate();
      }
    }
  }

  private static String prompt(Span root) {
    String text = root.detail() instanceof Detail.Turn turn ? turn.prompt() : "";
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && line.length() < PROMPT; i++) {
      char c = text.charAt(i);
      boolean blank = Character.isWhitespace(c);
      if (!blank) {
        line.append(c);
      } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
        line.append(' ');
      }
    }
    return line.toString().strip();
  }
}
