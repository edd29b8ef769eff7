package dev.ucode.store.sqlite;

import dev.ucode.os.Steps;
import dev.ucode.store.Outbox;
import dev.ucode.store.Sessions;
import dev.ucode.store.Store;
import dev.ucode.store.Views;
import dev.ucode.transcript.Known;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/** The store in one SQLite file. */
public final class SqliteStore implements Store {
  private final Database database;
  private final SqliteSessions sessions;
  private final SqliteOutbox outbox;
  private final SqliteViews views;

  private SqliteStore(Database database) {
    this.database = database;
    this.sessions = new SqliteSessions(database);
    this.outbox = new SqliteOutbox(database);
    this.views = new SqliteViews(database);
  }

  /** Opens the file, and makes it where there is none. */
  public static Store open(Path file) {
    return open(file, Steps.UNWATCHED);
  }

  /**
   * Opens the file, and makes it where there is none.
   *
   * @param steps told before and after each commit
   */
  public static Store open(Path file, Steps steps) {
    return new SqliteStore(Database.open(file, steps));
  }

  /** Opens the file to look at it, also where it may not be written; null where there is none. */
  public static @Nullable Store openToRead(Path file) {
    Database database = Database.openToRead(file);
    return database == null ? null : new SqliteStore(database);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Outbox outbox() {
    return outbox;
  }

  @Override
  public Views views() {
    return views;
  }

  @Override
  public Known known() {
    return trace ->
        database.read(
            () -> {
              PreparedStatement select =
                  database.prepared("SELECT 1 FROM trace WHERE trace_id = ?");
              select.setString(1, trace.hex());
              try (ResultSet rows = select.executeQuery()) {
                return rows.next();
              }
            });
  }

  @Override
  public void close() {
    database.close();
  }
}
