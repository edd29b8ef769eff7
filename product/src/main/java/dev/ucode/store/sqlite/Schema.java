package dev.ucode.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, version by version: the file's {@code user_version} says how many of the steps have
 * been taken, and each is taken once, in a transaction. A step that has been released is never
 * changed; a new one is added after it.
 *
 * <p>Times are nanoseconds since the epoch. {@code delivery} is the ledger: it is kept when content
 * is not.
 */
final class Schema {
  private static final List<String> STEPS =
      List.of(
          """
          CREATE TABLE session (
            agent TEXT NOT NULL,
            session TEXT NOT NULL,
            destination TEXT NOT NULL,
            transcript TEXT,
            folder TEXT,
            cursor_offset INTEGER NOT NULL,
            cursor_memory TEXT NOT NULL,
            visits TEXT NOT NULL,
            first_event INTEGER NOT NULL,
            last_event INTEGER NOT NULL,
            stopped INTEGER,
            ended INTEGER,
            unread INTEGER NOT NULL,
            over INTEGER NOT NULL,
            turn_open INTEGER NOT NULL,
            agents_running INTEGER NOT NULL,
            agent_version TEXT NOT NULL,
            trouble TEXT,
            troubles INTEGER NOT NULL,
            PRIMARY KEY (agent, session)
          );
          CREATE INDEX session_living ON session (last_event) WHERE over = 0;

          CREATE TABLE trace (
            trace_id TEXT PRIMARY KEY,
            agent TEXT NOT NULL,
            session TEXT NOT NULL,
            prompt_uuid TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER NOT NULL,
            state TEXT NOT NULL,
            name TEXT NOT NULL,
            prompt TEXT NOT NULL,
            spans INTEGER NOT NULL,
            usage_quality TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cache_read_tokens INTEGER NOT NULL,
            cache_creation_tokens INTEGER NOT NULL,
            metadata TEXT NOT NULL,
            tags TEXT NOT NULL,
            mode TEXT NOT NULL,
            masked TEXT NOT NULL,
            keep_content INTEGER NOT NULL,
            announced INTEGER NOT NULL,
            stored INTEGER NOT NULL
          );
          CREATE INDEX trace_by_time ON trace (started);
          CREATE INDEX trace_by_session ON trace (session, started);

          CREATE TABLE span (
            trace_id TEXT NOT NULL,
            span_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            name TEXT NOT NULL,
            body TEXT,
            PRIMARY KEY (trace_id, span_id)
          );

          CREATE TABLE parcel (
            trace_id TEXT NOT NULL,
            destination TEXT NOT NULL,
            accepted INTEGER NOT NULL,
            state TEXT NOT NULL,
            info_sent INTEGER NOT NULL,
            tags TEXT NOT NULL,
            next_attempt INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            most_spans INTEGER NOT NULL,
            rejections INTEGER NOT NULL,
            why TEXT,
            PRIMARY KEY (trace_id, destination)
          );
          CREATE INDEX parcel_waiting ON parcel (destination, next_attempt, accepted)
            WHERE state = 'WAITING';

          CREATE TABLE delivery (
            trace_id TEXT NOT NULL,
            destination TEXT NOT NULL,
            span_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            size INTEGER NOT NULL,
            status TEXT NOT NULL,
            since INTEGER,
            attempts INTEGER NOT NULL,
            doubled INTEGER NOT NULL,
            PRIMARY KEY (trace_id, destination, span_id)
          ) WITHOUT ROWID;
          CREATE INDEX delivery_open ON delivery (status)
            WHERE status IN ('SENDING', 'UNKNOWN');

          CREATE TABLE destination (
            id TEXT PRIMARY KEY,
            retry_at INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            blocked TEXT,
            last_error TEXT,
            last_error_at INTEGER,
            last_delivery INTEGER
          );

          CREATE TABLE disclosure (
            id INTEGER PRIMARY KEY,
            trace_id TEXT NOT NULL,
            destination TEXT NOT NULL,
            what TEXT NOT NULL,
            spans INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            ended INTEGER,
            outcome TEXT,
            acknowledged INTEGER
          );
          CREATE INDEX disclosure_by_trace ON disclosure (trace_id);

          CREATE TABLE counter (
            agent TEXT NOT NULL,
            agent_version TEXT NOT NULL,
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (agent, agent_version, name)
          ) WITHOUT ROWID
          """);

  /** The version of the tables this program works on. */
  static final int VERSION = STEPS.size();

  private Schema() {}

  /** The version of a file; 0 for one without tables. */
  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** Takes the steps that are missing, in the transaction that is open. */
  static void bringUpToDate(Connection connection) throws SQLException {
    int version = version(connection);
    try (Statement statement = connection.createStatement()) {
      for (int step = version; step < VERSION; step++) {
        for (String sql : STEPS.get(step).split(";", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
      }
      if (version < VERSION) {
        statement.execute("PRAGMA user_version = " + VERSION);
      }
    }
  }
}
