package dev.ucode.store.sqlite;

import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Steps;
import dev.ucode.problem.Problem;
import dev.ucode.store.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection to the file, used by one thread at a time. Write-ahead log, and a commit is on the
 * disk when it returns.
 */
final class Database implements AutoCloseable {
  /** How long to wait for another process's transaction. */
  private static final int PATIENCE_MILLIS = 10_000;

  private final Path file;
  private final Connection connection;
  private final Steps steps;
  private final ReentrantLock turn = new ReentrantLock();
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Database(Path file, Connection connection, Steps steps) {
    this.file = file;
    this.connection = connection;
    this.steps = steps;
  }

  /** Opens the file for reading and writing; makes it, private, where there is none. */
  static Database open(Path file, Steps steps) {
    try {
      AtomicFiles.createPrivate(file);
    } catch (IOException e) {
      throw failure(file, StoreFailure.Kind.READ_ONLY, e);
    }
    Database database = connect(file, "jdbc:sqlite:" + file, steps);
    try {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = FULL");
      if (database.read(() -> Schema.version(database.connection)) != Schema.VERSION) {
        database.write(
            "schema",
            () -> {
              if (Schema.version(database.connection) > Schema.VERSION) {
                throw tooNew(file);
              }
              Schema.bringUpToDate(database.connection);
              return null;
            });
      }
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Opens the file for reading alone, and changes nothing on the disk that matters; null where
   * there is no file.
   */
  static @Nullable Database openToRead(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Database database;
    try {
      database =
          connect(
              file, "jdbc:sqlite:file:" + file.toUri().getRawPath() + "?mode=ro", Steps.UNWATCHED);
      if (database.read(() -> Schema.version(database.connection)) == 0) {
        database.close();
        return null;
      }
    } catch (StoreFailure e) {
      // Without the right to make the log's index beside it, the file itself can still be read.
      return readable(
          connect(
              file,
              "jdbc:sqlite:file:" + file.toUri().getRawPath() + "?mode=ro&immutable=1",
              Steps.UNWATCHED));
    }
    return readable(database);
  }

  private static Database readable(Database database) {
    try {
      if (database.read(() -> Schema.version(database.connection)) != Schema.VERSION) {
        throw tooNew(database.file);
      }
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Database connect(Path file, String url, Steps steps) {
    try {
      Properties properties = new Properties();
      properties.setProperty("busy_timeout", Integer.toString(PATIENCE_MILLIS));
      return new Database(file, JDBC.createConnection(url, properties), steps);
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /** Something done with the connection. */
  interface Work<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  /** Runs queries. */
  <T extends @Nullable Object> T read(Work<T> work) {
    turn.lock();
    try {
      return work.run();
    } catch (SQLException e) {
      dropStatements();
      throw failure(file, e);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Runs a transaction.
   *
   * @param step names the moments just before and just after its commit
   */
  <T extends @Nullable Object> T write(String step, Work<T> work) {
    turn.lock();
    try {
      prepared("BEGIN IMMEDIATE").execute();
      try {
        T result = work.run();
        steps.reached(step + ".written");
        prepared("COMMIT").execute();
        steps.reached(step + ".committed");
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack();
        throw e;
      }
    } catch (SQLException e) {
      dropStatements();
      throw failure(file, e);
    } finally {
      turn.unlock();
    }
  }

  /** The driver closes a statement that failed, and does not say so. */
  private void dropStatements() {
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        // It was the one.
      }
    }
    statements.clear();
  }

  private void rollBack() {
    try {
      prepared("ROLLBACK").execute();
    } catch (SQLException e) {
      // After some errors, a full disk among them, SQLite has done so itself.
    }
  }

  /** A statement ready for its parameters; made once. */
  PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement found = statements.get(sql);
    if (found == null) {
      found = connection.prepareStatement(sql);
      statements.put(sql, found);
    }
    return found;
  }

  private void pragma(String text) {
    read(
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + text);
          }
          return null;
        });
  }

  @Override
  public void close() {
    turn.lock();
    try {
      dropStatements();
      connection.close();
    } catch (SQLException e) {
      // What was committed is on the disk.
    } finally {
      turn.unlock();
    }
  }

  private static StoreFailure failure(Path file, SQLException e) {
    return failure(file, kind(e), e);
  }

  private static StoreFailure.Kind kind(SQLException e) {
    if (!(e instanceof SQLiteException lite)) {
      return StoreFailure.Kind.OTHER;
    }
    SQLiteErrorCode code = lite.getResultCode();
    return switch (code.code & 0xff) { // the extended codes keep the plain one in their low byte
      case 13 -> StoreFailure.Kind.FULL;
      case 8, 14, 23, 3 -> StoreFailure.Kind.READ_ONLY;
      case 5, 6 -> StoreFailure.Kind.BUSY;
      case 11, 26 -> StoreFailure.Kind.DAMAGED;
      case 10 -> code.code == 778 ? StoreFailure.Kind.FULL : StoreFailure.Kind.OTHER;
      default -> StoreFailure.Kind.OTHER;
    };
  }

  private static StoreFailure failure(Path file, StoreFailure.Kind kind, Exception e) {
    Problem problem =
        switch (kind) {
          case FULL ->
              Problem.failure(
                  "no space left to store traces", file.toString(), "free some disk space");
          case READ_ONLY ->
              Problem.failure(
                  "traces cannot be stored",
                  "not allowed to write " + file,
                  "give yourself write access to " + file.getParent());
          case BUSY -> Problem.failure("another process keeps " + file + " locked", null);
          case DAMAGED ->
              Problem.failure(
                  "the store of traces is damaged",
                  e.getMessage(),
                  "move " + file + " away; a new one is made at once");
          default -> Problem.failure("the store of traces fails", e.getMessage());
        };
    return new StoreFailure(kind, problem, e);
  }

  private static StoreFailure tooNew(Path file) {
    Problem problem =
        Problem.failure(
            "the store of traces was written by another version of ucode",
            file.toString(),
            "update ucode");
    return new StoreFailure(
        StoreFailure.Kind.TOO_NEW, problem, new IllegalStateException("user_version"));
  }
}
