package dev.ucode.setup;

import dev.ucode.http.Deadline;
import dev.ucode.name.UcLocation;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.Experiment;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import dev.ucode.workspace.Warehouse;
import dev.ucode.workspace.Workspace;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a workspace's traces go: the shared experiment named {@value #LEAF}, stored in Unity
 * Catalog, and a SQL warehouse to read them back. Creates nothing, starts nothing, writes nothing.
 */
final class DestinationSearch {
  /** The last part of the experiment's name, exactly. */
  static final String LEAF = "ucode-traces";

  private final Workspace workspace;
  private final Deadline deadline;
  private final String again;

  /**
   * @param again the command to run once an admin has done their part
   */
  DestinationSearch(Workspace workspace, Deadline deadline, String again) {
    this.workspace = workspace;
    this.deadline = deadline;
    this.again = "then run: " + again;
  }

  /**
   * The place that was found and proved.
   *
   * @param proved what was proved by a real request, one line each
   * @param notes what was chosen among several, and what could not be proved
   */
  record Found(TraceDestination destination, List<String> proved, List<String> notes) {}

  Found find(SignIn signIn, @Nullable String user, Progress progress) {
    List<String> notes = new ArrayList<>();
    List<String> proved = new ArrayList<>();
    progress.step("finding the shared experiment " + LEAF);
    Experiment experiment = choose(search(), notes);
    UcLocation location = location(experiment);
    String table = experiment.spansTable();
    if (table == null) {
      table = location.spansTable();
    }
    progress.step("finding a SQL warehouse");
    Warehouse warehouse = warehouse();
    progress.step("proving that traces can be written to " + table);
    prove(experiment, table, warehouse, proved, notes);
    return new Found(
        new TraceDestination(
            id(experiment),
            workspace.url(),
            signIn,
            experiment.id(),
            experiment.name(),
            location,
            table,
            warehouse.id(),
            user),
        proved,
        notes);
  }

  private List<Experiment> search() {
    try {
      return workspace.experiments(LEAF, deadline);
    } catch (ApiFailure e) {
      throw Faults.of(
          e,
          workspace.url(),
          "cannot search MLflow experiments",
          "ask an admin for access to MLflow experiments and CAN EDIT on '" + LEAF + "'");
    }
  }

  private Experiment choose(List<Experiment> found, List<String> notes) {
    List<Experiment> named = new ArrayList<>();
    List<String> lookalikes = new ArrayList<>();
    for (Experiment experiment : found) {
      if (!experiment.active()) {
        continue;
      }
      if (experiment.leaf().equals(LEAF)) {
        named.add(experiment);
      } else {
        lookalikes.add(experiment.name());
      }
    }
    if (named.isEmpty()) {
      throw none(lookalikes);
    }
    named.sort(
        Comparator.comparing((Experiment e) -> parsed(e) == null)
            .thenComparing(e -> !e.name().startsWith("/Shared/"))
            .thenComparing(DestinationSearch::number)
            .thenComparing(Experiment::id));
    Experiment best = named.getFirst();
    if (parsed(best) == null) {
      throw notInUnityCatalog(named);
    }
    if (named.size() > 1) {
      notes.add(
          "traces go to "
              + name(best)
              + "; also named "
              + LEAF
              + ": "
              + String.join(", ", named.stream().skip(1).map(DestinationSearch::name).toList()));
    }
    return best;
  }

  private UserException none(List<String> lookalikes) {
    String why =
        lookalikes.isEmpty()
            ? "the search found none that you may see"
            : "found "
                + String.join(", ", lookalikes.stream().sorted().limit(5).toList())
                + ", but the last part of the name must be exactly '"
                + LEAF
                + "'";
    return new UserException(
        Problem.failure(
            "no MLflow experiment named '" + LEAF + "' on " + workspace.url(),
            why,
            "ask an admin to create it, once for everybody: " + create("/Shared/" + LEAF),
            "and to give you CAN EDIT on it, " + grants("its tables"),
            again));
  }

  private UserException notInUnityCatalog(List<Experiment> named) {
    Experiment first = named.getFirst();
    for (Experiment experiment : named) {
      if (experiment.destinationPath() != null) {
        first = experiment;
        break;
      }
    }
    String path = first.destinationPath();
    String why =
        path == null
            ? "experiment "
                + name(first)
                + " exists, but its traces are not stored in Unity Catalog"
            : "experiment "
                + name(first)
                + " stores its traces in '"
                + path
                + "', which is not catalog.schema.prefix";
    return new UserException(
        Problem.failure(
            "no Unity Catalog-backed MLflow experiment named '" + LEAF + "' on " + workspace.url(),
            why,
            "an experiment's storage cannot be changed later: ask an admin to rename this one and"
                + " to create it anew: "
                + create(first.name()),
            again));
  }

  private static String create(String name) {
    return "mlflow.set_experiment('"
        + name
        + "', trace_location=mlflow.entities.trace_location.UnityCatalog(catalog_name='<catalog>',"
        + " schema_name='<schema>', table_prefix='ucode')) with mlflow[databricks]>=3.11";
  }

  private static String grants(String tables) {
    return "USE CATALOG, USE SCHEMA, and MODIFY and SELECT on " + tables;
  }

  private UcLocation location(Experiment experiment) {
    UcLocation location = parsed(experiment);
    if (location == null) {
      throw new IllegalStateException("chosen without a location: " + experiment.id());
    }
    return location;
  }

  private static @Nullable UcLocation parsed(Experiment experiment) {
    String path = experiment.destinationPath();
    return path == null ? null : UcLocation.parse(path);
  }

  private Warehouse warehouse() {
    List<Warehouse> all;
    try {
      all = workspace.warehouses(deadline);
    } catch (ApiFailure e) {
      throw Faults.of(
          e,
          workspace.url(),
          "cannot list SQL warehouses",
          "ask an admin for the entitlement 'Databricks SQL access' and CAN USE on a warehouse");
    }
    return all.stream()
        .filter(Warehouse::startable)
        .min(Comparator.comparingInt(DestinationSearch::readiness).thenComparing(Warehouse::id))
        .orElseThrow(
            () ->
                new UserException(
                    Problem.failure(
                        "no SQL warehouse on " + workspace.url() + " to read traces back with",
                        all.isEmpty()
                            ? "you may use none"
                            : "none of the " + all.size() + " there are can be started",
                        "ask an admin to create one (SQL Warehouses, Create; serverless 2X-Small is"
                            + " enough) and to give you CAN USE on it",
                        again)));
  }

  private static int readiness(Warehouse warehouse) {
    return switch (warehouse.state().toUpperCase(Locale.ROOT)) {
      case "RUNNING" -> 0;
      case "STARTING" -> 1;
      default -> 2;
    };
  }

  private void prove(
      Experiment experiment,
      String table,
      Warehouse warehouse,
      List<String> proved,
      List<String> notes) {
    try {
      Experiment read = workspace.experiment(experiment.id(), deadline);
      proved.add("experiment " + name(read) + " can be read");
    } catch (ApiFailure e) {
      throw Faults.of(
          e,
          workspace.url(),
          "cannot read experiment " + name(experiment),
          "ask its owner for CAN EDIT on it");
    }
    try {
      workspace.proveWritable(table, deadline);
      proved.add("table " + table + " takes traces (an empty export, no row)");
    } catch (ApiFailure e) {
      throw notWritable(e, experiment, table);
    }
    if (!warehouse.running()) {
      notes.add(
          "warehouse "
              + warehouse.name()
              + " is "
              + warehouse.state().toLowerCase(Locale.ROOT)
              + ": reading back was not tried, so as not to start it");
      return;
    }
    try {
      workspace.proveReadable(table, warehouse, deadline);
      proved.add("table " + table + " can be read through warehouse " + warehouse.name());
    } catch (ApiFailure e) {
      // Writing needs no warehouse: the traces are safe, only looking at them is not possible yet.
      notes.add(
          "traces cannot be read back yet: "
              + e.detail()
              + "; ask an admin for SELECT on "
              + table
              + " and CAN USE on warehouse "
              + warehouse.name());
    }
  }

  private UserException notWritable(ApiFailure e, Experiment experiment, String table) {
    if (e.kind() == ApiFailure.Kind.NOT_FOUND) {
      return new UserException(
          Problem.failure(
              "table " + table + " of experiment " + name(experiment) + " does not exist",
              e.detail(),
              "ask an admin to create the experiment's tables again: " + create(experiment.name()),
              again),
          e);
    }
    return Faults.of(
        e,
        workspace.url(),
        "cannot write traces to " + table,
        "ask an admin for " + grants(table) + " (ALL PRIVILEGES is not enough)");
  }

  /** Ids are numbers without a limit. */
  private static BigInteger number(Experiment experiment) {
    return experiment.id().matches("\\d{1,40}")
        ? new BigInteger(experiment.id())
        : BigInteger.TEN.pow(41);
  }

  private static String name(Experiment experiment) {
    return experiment.name() + " (id " + experiment.id() + ")";
  }

  /** The same on every machine, so that what waits finds its way after configuring anew. */
  private String id(Experiment experiment) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((workspace.url() + "\n" + experiment.id()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
