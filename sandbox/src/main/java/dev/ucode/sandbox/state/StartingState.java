package dev.ucode.sandbox.state;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.identity.Users;
import dev.ucode.sandbox.mlflow.Experiments;
import dev.ucode.sandbox.uc.TraceLocation;
import dev.ucode.sandbox.uc.TraceTables;
import dev.ucode.sandbox.uc.UcCatalog;
import dev.ucode.sandbox.warehouse.Warehouses;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a new sandbox holds. Each state shows one thing that can be wrong with a real workspace. */
public enum StartingState {
  /** A shared experiment whose traces go to {@code main.traces.ucode}, and two warehouses. */
  PROVISIONED("everything in place: what an admin has set up once"),
  /** No experiment of the wanted name at all. */
  NO_EXPERIMENT("nobody has made the experiment yet"),
  /** The experiment exists, but its traces are not stored in Unity Catalog. */
  CLASSIC_EXPERIMENT("the experiment stores its traces the classic way, not in Unity Catalog"),
  /** Several experiments whose names only resemble the wanted one, or are it twice. */
  LOOKALIKE_NAMES("several experiments with similar names, two with the right one"),
  /** No SQL warehouse. */
  NO_WAREHOUSE("no SQL warehouse exists"),
  /** The user may not see the warehouses. */
  WAREHOUSE_FORBIDDEN("SQL warehouses exist, but the user may neither list nor use them");

  /** The id of the user whose token is made at the first start. */
  public static final String DEVELOPER_ID = "1001";

  /** A user without any permission. */
  public static final String STRANGER_ID = "1002";

  /** The service principal with OAuth client credentials. */
  public static final String PRINCIPAL_ID = "2001";

  private static final TraceLocation SHARED = new TraceLocation("main", "traces", "ucode");
  private final String summary;

  StartingState(String summary) {
    this.summary = summary;
  }

  /** As it is written on the command line, for example {@code no-experiment}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is special about it, one line. */
  public String summary() {
    return summary;
  }

  /**
   * The state of that word.
   *
   * @throws ApiException 400 where there is none, with the words there are
   */
  public static StartingState of(String word) {
    for (StartingState state : values()) {
      if (state.word().equals(word)) {
        return state;
      }
    }
    throw ApiException.invalid(
        "No state is named '"
            + word
            + "'. There are: "
            + Arrays.stream(values()).map(StartingState::word).collect(Collectors.joining(", ")));
  }

  /** Fills an empty database. Users keep their ids, so that tokens made for them stay valid. */
  public void fill(Connection connection, long nowMs) throws SQLException {
    people(connection);
    UcCatalog.createSchema(connection, "main", "default");
    UcCatalog.createSchema(connection, "main", "traces");
    UcCatalog.createSchema(connection, "system", "ai");
    experiments(connection, nowMs);
    if (this != NO_WAREHOUSE) {
      warehouses(connection);
    }
  }

  private void people(Connection connection) throws SQLException {
    Set<Permission> developer =
        this == WAREHOUSE_FORBIDDEN
            ? EnumSet.of(Permission.LIST_WAREHOUSES, Permission.USE_WAREHOUSES)
            : Set.of();
    Users.put(
        connection,
        new Users.Account(DEVELOPER_ID, "dev@sandbox.test", "Dana Developer", true, developer));
    Users.put(
        connection,
        new Users.Account(
            STRANGER_ID,
            "stranger@sandbox.test",
            "Sam Stranger",
            false,
            EnumSet.allOf(Permission.class)));
    Users.put(
        connection,
        new Users.Account(
            PRINCIPAL_ID, "5e1f0000-0000-4000-8000-000000002001", "ucode-ci", false, Set.of()));
  }

  private void experiments(Connection connection, long nowMs) throws SQLException {
    Map<String, String> owner = Map.of("mlflow.ownerEmail", "admin@sandbox.test");
    switch (this) {
      case PROVISIONED, NO_WAREHOUSE, WAREHOUSE_FORBIDDEN -> {
        TraceTables.create(connection, SHARED, nowMs);
        String id = Experiments.create(connection, "/Shared/ucode-traces", owner, nowMs);
        Experiments.linkTo(connection, id, SHARED, nowMs);
      }
      case NO_EXPERIMENT ->
          Experiments.create(connection, "/Shared/another-experiment", owner, nowMs);
      case CLASSIC_EXPERIMENT ->
          Experiments.create(connection, "/Shared/ucode-traces", owner, nowMs);
      case LOOKALIKE_NAMES -> lookalikes(connection, owner, nowMs);
    }
  }

  /** Ids grow in this order: the right one is neither the first nor alone. */
  private static void lookalikes(Connection connection, Map<String, String> owner, long nowMs)
      throws SQLException {
    Experiments.create(connection, "/Users/dev@sandbox.test/ucode-traces", owner, nowMs);
    String team = Experiments.create(connection, "/Shared/team-ucode-traces", owner, nowMs);
    TraceLocation teamTables = new TraceLocation("main", "traces", "team");
    TraceTables.create(connection, teamTables, nowMs);
    Experiments.linkTo(connection, team, teamTables, nowMs);
    String older = Experiments.create(connection, "/Shared/older/ucode-traces", owner, nowMs);
    TraceLocation olderTables = new TraceLocation("main", "traces", null);
    TraceTables.create(connection, olderTables, nowMs);
    Experiments.linkTo(connection, older, olderTables, nowMs);
    String mine =
        Experiments.create(connection, "/Users/admin@sandbox.test/ucode-traces", owner, nowMs);
    TraceLocation mineTables = new TraceLocation("main", "traces", "mine");
    TraceTables.create(connection, mineTables, nowMs);
    Experiments.linkTo(connection, mine, mineTables, nowMs);
    String shared = Experiments.create(connection, "/Shared/ucode-traces", owner, nowMs);
    TraceTables.create(connection, SHARED, nowMs);
    Experiments.linkTo(connection, shared, SHARED, nowMs);
    Experiments.create(connection, "/Shared/ucode-traces-archive", owner, nowMs);
    Experiments.create(connection, "/Shared/UCODE-TRACES", owner, nowMs);
  }

  private static void warehouses(Connection connection) throws SQLException {
    Warehouses.put(
        connection,
        new Warehouses.Warehouse(
            "a1b2c3d4e5f60001",
            "Starter Warehouse",
            Warehouses.State.STOPPED,
            "2X-Small",
            true,
            10,
            "admin@sandbox.test",
            null));
    Warehouses.put(
        connection,
        new Warehouses.Warehouse(
            "a1b2c3d4e5f60002",
            "Shared Warehouse",
            Warehouses.State.RUNNING,
            "Small",
            true,
            10,
            "admin@sandbox.test",
            null));
  }
}
