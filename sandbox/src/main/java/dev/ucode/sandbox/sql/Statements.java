package dev.ucode.sandbox.sql;

import dev.ucode.sandbox.http.Caller;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.warehouse.Warehouses.State;
import dev.ucode.sandbox.warehouse.Warehouses.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Runs submitted statements: each waits for its warehouse, starting it where it is stopped, then
 * reads a snapshot of the database.
 */
public final class Statements implements AutoCloseable {
  /** Results are dropped after this long and the statement is CLOSED. */
  private static final Duration RESULTS_KEPT = Duration.ofHours(1);

  /** The platform keeps a statement for at least this long after its end, then answers 404. */
  private static final Duration STATEMENTS_KEPT = Duration.ofHours(12);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final System.Logger LOG = System.getLogger(Statements.class.getName());

  private final Database database;
  private final WarehouseControl warehouses;
  private final Executor executor;
  private final InstantSource clock;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Runs statements of the list over the tables of a database. */
  public Statements(
      Database database,
      WarehouseControl warehouses,
      StatementList list,
      Tables tables,
      InstantSource clock) {
    this.database = database;
    this.warehouses = warehouses;
    this.executor = new Executor(list, tables);
    this.clock = clock;
  }

  /** Takes up a statement; it goes on by itself. */
  Run submit(Caller caller, Submission submission) {
    Instant now = clock.instant();
    runs.values().removeIf(old -> old.endedBefore(now.minus(STATEMENTS_KEPT)));
    Run run = new Run(UUID.randomUUID().toString(), caller.id());
    runs.put(run.id(), run);
    threads.execute(() -> carryOut(run, caller, submission));
    return run;
  }

  /** The statement with this id if it is the caller's own, else null. */
  @Nullable Run find(Caller caller, String id) {
    Run run = runs.get(id);
    if (run == null || !run.userId().equals(caller.id())) {
      return null;
    }
    run.closeIfEndedBefore(clock.instant().minus(RESULTS_KEPT));
    return run;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void carryOut(Run run, Caller caller, Submission submission) {
    try {
      if (waitForWarehouse(run, submission.warehouse())) {
        execute(run, caller, submission);
      }
    } catch (SqlFailure failure) {
      run.failed(failure, clock.instant());
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.ERROR, "statement " + run.id(), e);
      run.failed(
          new SqlFailure("INTERNAL_ERROR", "XX000", "The sandbox failed: " + e.getMessage() + "."),
          clock.instant());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false where the statement was cancelled meanwhile. */
  private boolean waitForWarehouse(Run run, String id)
      throws SQLException, SqlFailure, InterruptedException {
    while (true) {
      Warehouse warehouse = warehouses.find(id);
      if (warehouse == null) {
        throw new SqlFailure("WAREHOUSE_NOT_FOUND", "08003", "The warehouse is gone.");
      }
      if (warehouse.state() == State.RUNNING) {
        return true;
      }
      if (warehouse.state() == State.STOPPED) {
        warehouses.start(id);
      }
      if (!run.pendingAfter(LOOK_AGAIN)) {
        return false;
      }
    }
  }

  private void execute(Run run, Caller caller, Submission submission)
      throws SQLException, SqlFailure {
    try (Connection connection = database.openReader()) {
      SqlFunctions.register(connection);
      Executor.Prepared prepared = executor.prepare(connection, submission);
      if (prepared.readsTables() && !caller.may(Permission.READ_TRACES)) {
        throw new SqlFailure(
            "INSUFFICIENT_PERMISSIONS",
            "42501",
            "Insufficient privileges: User does not have SELECT on the table.");
      }
      try (PreparedStatement statement = connection.prepareStatement(prepared.sqlite())) {
        if (run.running(() -> stop(statement))) {
          run.succeeded(Executor.run(statement, prepared, submission.rowLimit()), clock.instant());
        }
      } finally {
        connection.rollback();
      }
    }
  }

  private static void stop(PreparedStatement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "a statement could not be interrupted", e);
    }
  }
}
