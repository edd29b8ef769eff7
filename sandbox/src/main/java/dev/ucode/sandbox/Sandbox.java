package dev.ucode.sandbox;

import dev.ucode.sandbox.gateway.GatewayRoutes;
import dev.ucode.sandbox.gateway.ScriptedModel;
import dev.ucode.sandbox.http.CallLog;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import dev.ucode.sandbox.http.Server;
import dev.ucode.sandbox.identity.Tokens;
import dev.ucode.sandbox.identity.Users;
import dev.ucode.sandbox.mlflow.Experiments;
import dev.ucode.sandbox.sql.CatalogTables;
import dev.ucode.sandbox.sql.StatementList;
import dev.ucode.sandbox.sql.StatementRoutes;
import dev.ucode.sandbox.sql.Statements;
import dev.ucode.sandbox.sql.WarehouseControl;
import dev.ucode.sandbox.sql.WarehouseRoutes;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Settings;
import dev.ucode.sandbox.uc.LateRows;
import dev.ucode.sandbox.uc.UcCatalog;
import dev.ucode.sandbox.warehouse.Warehouses;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** A running sandbox: the composition of all rooms over one data folder. */
public final class Sandbox implements AutoCloseable {
  private final Database database;
  private final Server server;
  private final Statements statements;
  private final CallLog calls;
  private final String token;
  private final String adminToken;

  private Sandbox(
      Database database,
      Server server,
      Statements statements,
      CallLog calls,
      String token,
      String adminToken) {
    this.database = database;
    this.server = server;
    this.statements = statements;
    this.calls = calls;
    this.token = token;
    this.adminToken = adminToken;
  }

  /**
   * Opens the data folder, making it where it is missing, and answers on loopback.
   *
   * @param port 0 lets the system choose
   */
  public static Sandbox start(Path folder, int port, InstantSource clock)
      throws IOException, SQLException {
    Files.createDirectories(folder);
    Database database = Database.open(folder.resolve("workspace.db"), definitions());
    String token =
        database.write(
            connection -> {
              StartingState.PROVISIONED.fill(connection, clock.millis());
              return Tokens.newPersonal(connection, StartingState.DEVELOPER_ID);
            });
    String adminToken = Tokens.newAdmin();
    CallLog calls = new CallLog();
    WarehouseControl warehouses = new WarehouseControl(database, clock);
    StatementList list = new StatementList();
    Statements statements = new Statements(database, warehouses, list, new CatalogTables(), clock);
    // Every room that answers. One line each.
    List<Routes> rooms =
        List.of(
            new GatewayRoutes(new ScriptedModel()),
            new WarehouseRoutes(warehouses),
            new StatementRoutes(statements, list, warehouses, clock));
    Router router = new Router();
    for (Routes room : rooms) {
      room.register(router);
    }
    Server server =
        Server.start(
            port, router, new Tokens(database, clock, adminToken), request -> null, calls, clock);
    return new Sandbox(database, server, statements, calls, token, adminToken);
  }

  /** The data definitions of all rooms. One line each. */
  public static List<String> definitions() {
    return Stream.of(
            Settings.DEFINITIONS,
            Users.DEFINITIONS,
            UcCatalog.DEFINITIONS,
            LateRows.DEFINITIONS,
            Warehouses.DEFINITIONS,
            Experiments.DEFINITIONS)
        .flatMap(List::stream)
        .toList();
  }

  /** Where it listens, without a final slash. */
  public URI url() {
    return server.url();
  }

  /** A personal access token of a user who may do everything. */
  public String token() {
    return token;
  }

  /** The token of {@code /sandbox/...}. */
  public String adminToken() {
    return adminToken;
  }

  /** What was asked so far. */
  public CallLog calls() {
    return calls;
  }

  /** The data, for tests that look behind the API. */
  public Database database() {
    return database;
  }

  @Override
  public void close() throws SQLException {
    server.close();
    statements.close();
    database.close();
  }
}
