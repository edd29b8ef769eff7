package dev.ucode.sandbox.sql;

import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.warehouse.Warehouses;
import dev.ucode.sandbox.warehouse.Warehouses.State;
import dev.ucode.sandbox.warehouse.Warehouses.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops warehouses. A start takes a while; one whose time has come runs, whether or not
 * anybody looked in between.
 */
public final class WarehouseControl {
  /** Setting with the milliseconds that a start takes. */
  private static final String START_MILLIS = "warehouse.start-millis";

  private static final Duration DEFAULT_START = Duration.ofSeconds(2);

  private final Database database;
  private final InstantSource clock;

  /** Control over the warehouses of a database. */
  public WarehouseControl(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** How long the next starts take. */
  public void startTime(Duration time) throws SQLException {
    database.change(c -> Settings.set(c, START_MILLIS, Long.toString(time.toMillis())));
  }

  /** All warehouses as they are now, by name. */
  List<Warehouse> all() throws SQLException {
    return database.read(c -> Warehouses.all(c).stream().map(this::now).toList());
  }

  /** The warehouse as it is now, or null where there is none. */
  @Nullable Warehouse find(String id) throws SQLException {
    return database.read(c -> find(c, id));
  }

  /** Starts a stopped warehouse; one that starts or runs goes on. */
  void start(String id) throws SQLException {
    database.change(
        connection -> {
          Warehouse found = find(connection, id);
          if (found != null && found.state() == State.STOPPED) {
            String millis = Settings.get(connection, START_MILLIS);
            Duration time =
                millis == null ? DEFAULT_START : Duration.ofMillis(Long.parseLong(millis));
            put(connection, found, State.STARTING, clock.millis() + time.toMillis());
          }
        });
  }

  /** Stops a warehouse. */
  void stop(String id) throws SQLException {
    set(id, State.STOPPED);
  }

  /** Sets a warehouse's state at once. */
  void set(String id, State state) throws SQLException {
    database.change(
        connection -> {
          Warehouse found = find(connection, id);
          if (found != null) {
            put(connection, found, state, null);
          }
        });
  }

  private @Nullable Warehouse find(Connection connection, String id) throws SQLException {
    Warehouse found = Warehouses.byId(connection, id);
    return found == null || found.state() == State.DELETED ? null : now(found);
  }

  private Warehouse now(Warehouse stored) {
    Long due = stored.startingUntilMs();
    boolean up = stored.state() == State.STARTING && due != null && due <= clock.millis();
    return up ? with(stored, State.RUNNING, null) : stored;
  }

  private static void put(
      Connection connection, Warehouse warehouse, State state, @Nullable Long startingUntilMs)
      throws SQLException {
    Warehouses.put(connection, with(warehouse, state, startingUntilMs));
  }

  private static Warehouse with(Warehouse warehouse, State state, @Nullable Long startingUntilMs) {
    return new Warehouse(
        warehouse.id(),
        warehouse.name(),
        state,
        warehouse.clusterSize(),
        warehouse.serverless(),
        warehouse.autoStopMinutes(),
        warehouse.creatorName(),
        startingUntilMs);
  }
}
