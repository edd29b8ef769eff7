package dev.ucode.sandbox.mlflow;

import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.TraceLocation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The experiments as rows. */
public final class Experiments {
  /** Data definition of this room. */
  public static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS experiment (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            stage TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL) STRICT\
          """,
          """
          CREATE TABLE IF NOT EXISTS experiment_tag (
            experiment_id TEXT NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (experiment_id, key)) STRICT\
          """,
          """
          CREATE UNIQUE INDEX IF NOT EXISTS experiment_name ON experiment (name)
          WHERE stage = 'active'\
          """);

  private Experiments() {}

  /**
   * Makes an experiment.
   *
   * @return its id
   * @throws ApiException 400 {@code RESOURCE_ALREADY_EXISTS} where an active one has the name, 400
   *     where the name is no absolute workspace path
   */
  public static String create(
      Connection connection, String name, Map<String, String> tags, long nowMs)
      throws SQLException {
    if (!name.startsWith("/") || name.length() < 2 || name.endsWith("/")) {
      throw ApiException.invalid(
          "Got an invalid experiment name '"
              + name
              + "'. An experiment name must be an absolute path within the Databricks workspace,"
              + " e.g. '/Users/<some-username>/my-experiment'.");
    }
    if (byName(connection, name) != null) {
      throw ApiException.exists("Node named '" + name + "' already exists");
    }
    String id = nextId(connection);
    Sql.update(
        connection, "INSERT INTO experiment VALUES (?, ?, 'active', ?, ?)", id, name, nowMs, nowMs);
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      setTag(connection, id, tag.getKey(), tag.getValue(), nowMs);
    }
    return id;
  }

  /** Ids grow, and look like the platform's: fifteen digits. */
  private static String nextId(Connection connection) throws SQLException {
    Long last =
        Sql.first(
            connection,
            "SELECT coalesce(max(CAST(id AS INTEGER)), 101000000000000) FROM experiment",
            row -> row.getLong(1));
    return Long.toString(Objects.requireNonNull(last) + 1);
  }

  /** The active experiment of that name. */
  public static @Nullable Experiment byName(Connection connection, String name)
      throws SQLException {
    return first(connection, "WHERE stage = 'active' AND name = ?", name);
  }

  /** The experiment of that id, deleted or not. */
  public static @Nullable Experiment byId(Connection connection, String id) throws SQLException {
    return first(connection, "WHERE id = ?", id);
  }

  /**
   * The experiment of that id.
   *
   * @throws ApiException 404 where there is none
   */
  static Experiment require(Connection connection, String id) throws SQLException {
    Experiment found = byId(connection, id);
    if (found == null) {
      throw ApiException.missing("Node ID " + id + " does not exist.");
    }
    return found;
  }

  /** All experiments, by id. */
  static List<Experiment> all(Connection connection) throws SQLException {
    return list(connection, "ORDER BY CAST(id AS INTEGER)");
  }

  /** Sets a tag of an experiment. */
  public static void setTag(Connection connection, String id, String key, String value, long nowMs)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO experiment_tag VALUES (?, ?, ?)
        ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value\
        """,
        id,
        key,
        value);
    Sql.update(connection, "UPDATE experiment SET updated_ms = ? WHERE id = ?", nowMs, id);
  }

  /** Removes a tag; nothing happens where there is none. */
  static void removeTag(Connection connection, String id, String key) throws SQLException {
    Sql.update(
        connection, "DELETE FROM experiment_tag WHERE experiment_id = ? AND key = ?", id, key);
  }

  /** Moves an experiment into or out of the trash. */
  static void setStage(Connection connection, String id, String stage, long nowMs)
      throws SQLException {
    Sql.update(
        connection,
        "UPDATE experiment SET stage = ?, updated_ms = ? WHERE id = ?",
        stage,
        nowMs,
        id);
  }

  /** Gives an experiment another name. */
  static void rename(Connection connection, String id, String name, long nowMs)
      throws SQLException {
    Sql.update(
        connection, "UPDATE experiment SET name = ?, updated_ms = ? WHERE id = ?", name, nowMs, id);
  }

  /** Sets the tags by which clients find the Unity Catalog destination. */
  public static void linkTo(Connection connection, String id, TraceLocation location, long nowMs)
      throws SQLException {
    setTag(connection, id, Experiment.DESTINATION_TAG, location.path(), nowMs);
    setTag(connection, id, Experiment.SPANS_TAG, location.spans(), nowMs);
    setTag(connection, id, Experiment.LOGS_TAG, location.logs(), nowMs);
    if (location.prefix() != null) {
      setTag(connection, id, Experiment.ANNOTATIONS_TAG, location.annotations(), nowMs);
    }
  }

  /** Removes those tags. */
  static void unlink(Connection connection, String id) throws SQLException {
    removeTag(connection, id, Experiment.DESTINATION_TAG);
    removeTag(connection, id, Experiment.SPANS_TAG);
    removeTag(connection, id, Experiment.LOGS_TAG);
    removeTag(connection, id, Experiment.ANNOTATIONS_TAG);
  }

  private static @Nullable Experiment first(Connection connection, String where, String value)
      throws SQLException {
    List<Experiment> found = list(connection, where, value);
    return found.isEmpty() ? null : found.getFirst();
  }

  private static List<Experiment> list(
      Connection connection, String where, @Nullable Object... values) throws SQLException {
    List<Experiment> plain =
        Sql.list(connection, "SELECT * FROM experiment " + where, Experiments::withoutTags, values);
    List<Experiment> found = new ArrayList<>();
    for (Experiment one : plain) {
      Map<String, String> tags = new TreeMap<>();
      Sql.list(
          connection,
          "SELECT key, value FROM experiment_tag WHERE experiment_id = ?",
          row -> tags.put(row.getString(1), row.getString(2)),
          one.id());
      found.add(
          new Experiment(
              one.id(), one.name(), one.stage(), one.createdMs(), one.updatedMs(), tags));
    }
    return found;
  }

  private static Experiment withoutTags(ResultSet row) throws SQLException {
    return new Experiment(
        row.getString("id"),
        row.getString("name"),
        row.getString("stage"),
        row.getLong("created_ms"),
        row.getLong("updated_ms"),
        Map.of());
  }
}
