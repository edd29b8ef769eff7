package dev.ucode.sandbox.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The sandbox's SQLite file in WAL mode: one writer at a time, readers beside it. Every piece of
 * work is one transaction.
 */
public final class Database implements AutoCloseable {
  private static final int IDLE_READERS = 8;
  private final String url;
  private final Connection writer;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Deque<Connection> idleReaders = new ArrayDeque<>();
  private boolean closed;

  /** Work inside one transaction. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  /** Work inside one transaction, with nothing to return. */
  @FunctionalInterface
  public interface Change {
    void run(Connection connection) throws SQLException;
  }

  private Database(String url, Connection writer) {
    this.url = url;
    this.writer = writer;
  }

  /**
   * Opens or creates the file and runs the rooms' data definitions.
   *
   * @param definitions statements that may be run at every start ({@code IF NOT EXISTS})
   */
  public static Database open(Path file, List<String> definitions) throws SQLException {
    String url = "jdbc:sqlite:" + file;
    Connection writer = connect(url, false);
    Database database = new Database(url, writer);
    database.change(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            for (String definition : definitions) {
              statement.executeUpdate(definition);
            }
          }
        });
    return database;
  }

  /** Runs work that changes something, alone. Rolled back where it throws. */
  public <T extends @Nullable Object> T write(Work<T> work) throws SQLException {
    writing.lock();
    try {
      T result;
      try {
        result = work.run(writer);
      } catch (SQLException | RuntimeException | Error e) {
        writer.rollback();
        throw e;
      }
      writer.commit();
      return result;
    } finally {
      writing.unlock();
    }
  }

  /** Runs work that changes something and returns nothing. */
  public void change(Change change) throws SQLException {
    write(
        connection -> {
          change.run(connection);
          return true;
        });
  }

  /** Runs work that only reads, on a snapshot, beside writers. */
  public <T extends @Nullable Object> T read(Work<T> work) throws SQLException {
    Connection reader = takeReader();
    boolean sound = false;
    try {
      T result = work.run(reader);
      reader.rollback();
      sound = true;
      return result;
    } finally {
      giveBack(reader, sound);
    }
  }

  /**
   * A read-only connection for work that outlives a call, such as a statement that can be
   * cancelled. The caller closes it.
   */
  public Connection openReader() throws SQLException {
    return connect(url, true);
  }

  @Override
  public void close() throws SQLException {
    synchronized (idleReaders) {
      closed = true;
      for (Connection reader : idleReaders) {
        reader.close();
      }
      idleReaders.clear();
    }
    writing.lock();
    try {
      writer.close();
    } finally {
      writing.unlock();
    }
  }

  private Connection takeReader() throws SQLException {
    synchronized (idleReaders) {
      Connection idle = idleReaders.pollLast();
      if (idle != null) {
        return idle;
      }
    }
    return openReader();
  }

  private void giveBack(Connection reader, boolean sound) throws SQLException {
    synchronized (idleReaders) {
      if (sound && !closed && idleReaders.size() < IDLE_READERS) {
        idleReaders.addLast(reader);
        return;
      }
    }
    reader.close();
  }

  private static Connection connect(String url, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(10_000);
    config.enforceForeignKeys(true);
    if (!readOnly) {
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    }
    Connection connection = config.createConnection(url);
    if (readOnly) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA query_only = true");
      }
    }
    connection.setAutoCommit(false);
    return connection;
  }
}
