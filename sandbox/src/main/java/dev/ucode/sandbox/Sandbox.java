package dev.ucode.sandbox;

import dev.ucode.sandbox.admin.AdminRoutes;
import dev.ucode.sandbox.discovery.DiscoveryRoutes;
import dev.ucode.sandbox.fault.Faults;
import dev.ucode.sandbox.gateway.GatewayRoutes;
import dev.ucode.sandbox.gateway.ModelCatalog;
import dev.ucode.sandbox.gateway.ScriptedModel;
import dev.ucode.sandbox.http.CallLog;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.http.Server;
import dev.ucode.sandbox.identity.OidcRoutes;
import dev.ucode.sandbox.identity.ScimRoutes;
import dev.ucode.sandbox.identity.Tokens;
import dev.ucode.sandbox.identity.Users;
import dev.ucode.sandbox.mlflow.ClassicRoutes;
import dev.ucode.sandbox.mlflow.DeleteTracesRoutes;
import dev.ucode.sandbox.mlflow.ExperimentRoutes;
import dev.ucode.sandbox.mlflow.Experiments;
import dev.ucode.sandbox.mlflow.LocationRoutes;
import dev.ucode.sandbox.mlflow.SearchOperations;
import dev.ucode.sandbox.mlflow.TraceRoutes;
import dev.ucode.sandbox.otel.OtlpRoutes;
import dev.ucode.sandbox.sql.CatalogTables;
import dev.ucode.sandbox.sql.StatementList;
import dev.ucode.sandbox.sql.StatementRoutes;
import dev.ucode.sandbox.sql.Statements;
import dev.ucode.sandbox.sql.WarehouseControl;
import dev.ucode.sandbox.sql.WarehouseRoutes;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.state.WorkspaceState;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.uc.LateRows;
import dev.ucode.sandbox.uc.UcCatalog;
import dev.ucode.sandbox.warehouse.Warehouses;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** A running sandbox: the composition of all rooms over one data folder. */
public final class Sandbox implements AutoCloseable {
  /** The SQLite file's name in the data folder. */
  static final String DATABASE = "workspace.db";

  private final Database database;
  private final LateRows rows;
  private final Server server;
  private final Statements statements;
  private final CallLog calls;
  private final Faults faults;
  private final Credentials credentials;
  private final CountDownLatch stopWanted;

  private Sandbox(
      Database database,
      LateRows rows,
      Server server,
      Statements statements,
      CallLog calls,
      Faults faults,
      Credentials credentials,
      CountDownLatch stopWanted) {
    this.database = database;
    this.rows = rows;
    this.server = server;
    this.statements = statements;
    this.calls = calls;
    this.faults = faults;
    this.credentials = credentials;
    this.stopWanted = stopWanted;
  }

  /** {@link #start(String, Path, int, StartingState, InstantSource)} in the default state. */
  public static Sandbox start(Path folder, int port, InstantSource clock)
      throws IOException, SQLException {
    return start("default", folder, port, StartingState.PROVISIONED, clock);
  }

  /**
   * Opens the data folder, making and filling it where it is new, and answers on loopback.
   *
   * @param port 0 takes the one of the last run if it is free, else lets the system choose
   * @param state what a new folder is filled with; one that has data keeps it
   * @throws IOException where the folder cannot be written or the port is taken
   */
  public static Sandbox start(
      String name, Path folder, int port, StartingState state, InstantSource clock)
      throws IOException, SQLException {
    PrivateFiles.folder(folder);
    Path file = folder.resolve(DATABASE);
    PrivateFiles.touch(file);
    Database database = Database.open(file, definitions());
    try {
      return start(name, folder, port, state, clock, database);
    } catch (IOException | SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Sandbox start(
      String name, Path folder, int port, StartingState state, InstantSource clock, Database data)
      throws IOException, SQLException {
    Credentials credentials = credentials(folder, state, clock, data);
    CallLog calls = new CallLog();
    Faults faults = new Faults();
    CountDownLatch stopWanted = new CountDownLatch(1);
    LateRows rows = LateRows.start(data, clock);
    Router router = new Router();
    WarehouseControl warehouses = new WarehouseControl(data, clock);
    StatementList list = new StatementList();
    Statements statements = new Statements(data, warehouses, list, new CatalogTables(), clock);
    for (Routes room : rooms(data, rows, clock)) {
      room.register(router);
    }
    new WarehouseRoutes(warehouses).register(router);
    new StatementRoutes(statements, list, warehouses, clock).register(router);
    new AdminRoutes(name, data, faults, calls, clock, stopWanted::countDown).register(router);
    Tokens tokens = new Tokens(data, clock, credentials.adminToken());
    Server server;
    try {
      server =
          listen(
              folder, port, wanted -> Server.start(wanted, router, tokens, faults, calls, clock));
    } catch (IOException e) {
      rows.close();
      throw e;
    }
    new RunFile(server.url(), ProcessHandle.current().pid()).write(folder);
    return new Sandbox(data, rows, server, statements, calls, faults, credentials, stopWanted);
  }

  private static Credentials credentials(
      Path folder, StartingState state, InstantSource clock, Database data)
      throws IOException, SQLException {
    if (Files.exists(folder.resolve(Credentials.FILE)) && data.read(WorkspaceState::filled)) {
      return Credentials.read(folder);
    }
    Credentials made =
        data.write(
            connection -> {
              WorkspaceState.reset(connection, state, clock.millis());
              return Credentials.create(connection);
            });
    made.write(folder);
    return made;
  }

  private interface Binding {
    Server bind(int port) throws IOException;
  }

  /** Clients keep the address of the last run, so that one is tried first. */
  private static Server listen(Path folder, int port, Binding binding) throws IOException {
    RunFile last = RunFile.read(folder);
    Server server = null;
    if (port == 0 && last != null) {
      try {
        server = binding.bind(last.url().getPort());
      } catch (BindException taken) {
        server = null;
      }
    }
    return server == null ? binding.bind(port) : server;
  }

  /** The data definitions of all rooms. One line each. */
  public static List<String> definitions() {
    return Stream.of(
            Settings.DEFINITIONS,
            Users.DEFINITIONS,
            UcCatalog.DEFINITIONS,
            LateRows.DEFINITIONS,
            Warehouses.DEFINITIONS,
            Experiments.DEFINITIONS,
            TraceRoutes.definitions(),
            LocationRoutes.DEFINITIONS,
            ClassicRoutes.DEFINITIONS)
        .flatMap(List::stream)
        .toList();
  }

  /** Every room that answers. One line each. */
  private static List<Routes> rooms(Database database, LateRows rows, InstantSource clock) {
    TraceRoutes traces = new TraceRoutes(database, rows, clock);
    return List.of(
        new OidcRoutes(database, clock),
        new ScimRoutes(database),
        new DiscoveryRoutes(models()),
        new ExperimentRoutes(database, clock),
        traces,
        new SearchOperations(traces),
        new LocationRoutes(database, clock),
        new ClassicRoutes(database, rows, clock),
        new DeleteTracesRoutes(database),
        new OtlpRoutes(database, rows),
        new GatewayRoutes(new ScriptedModel()));
  }

  private static List<DiscoveryRoutes.Model> models() {
    return ModelCatalog.claude().stream()
        .map(name -> new DiscoveryRoutes.Model(name, "anthropic/v1/messages"))
        .toList();
  }

  /** Where it listens, without a final slash. */
  public URI url() {
    return server.url();
  }

  /** A personal access token of a user who may do everything. */
  public String token() {
    return credentials.token();
  }

  /** The token of {@code /sandbox/...}. */
  public String adminToken() {
    return credentials.adminToken();
  }

  /** All that opens it. */
  Credentials credentials() {
    return credentials;
  }

  /** What was asked so far. */
  public CallLog calls() {
    return calls;
  }

  /** What goes wrong on request. */
  public Faults faults() {
    return faults;
  }

  /** The data, for tests that look behind the API. */
  public Database database() {
    return database;
  }

  /** Waits until somebody asks it to stop. */
  void awaitStop() throws InterruptedException {
    stopWanted.await();
  }

  @Override
  public void close() throws SQLException {
    server.close();
    statements.close();
    rows.close();
    database.close();
  }
}
