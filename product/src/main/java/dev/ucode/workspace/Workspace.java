package dev.ucode.workspace;

import dev.ucode.http.Deadline;
import dev.ucode.name.WorkspaceUrl;
import java.util.List;

/**
 * One workspace, spoken to with the person's own rights. Every method throws {@link
 * dev.ucode.problem.UserException} where the person must sign in, and {@link ApiFailure} otherwise.
 */
public interface Workspace {
  WorkspaceUrl url();

  /** The identity the workspace knows us by ({@code userName}). */
  String user(Deadline deadline) throws ApiFailure;

  /**
   * The models its AI gateway offers. Proves on the way that the gateway is there and ours to use.
   *
   * @throws dev.ucode.problem.UserException where the gateway is not enabled or not permitted
   */
  Discovery discover(Deadline deadline) throws ApiFailure;

  /** All experiments whose name ends like that, in the workspace's order. */
  List<Experiment> experiments(String nameEnd, Deadline deadline) throws ApiFailure;

  /** One experiment, read with our own permission. */
  Experiment experiment(String id, Deadline deadline) throws ApiFailure;

  /** All SQL warehouses we may see. */
  List<Warehouse> warehouses(Deadline deadline) throws ApiFailure;

  /**
   * Sends an empty trace export to a table: proves that it exists and takes our spans, and leaves
   * no row.
   *
   * @param table full name of a spans table
   */
  void proveWritable(String table, Deadline deadline) throws ApiFailure;

  /**
   * Reads no row of a table through a warehouse, which must be running: a stopped one would be
   * started by it.
   */
  void proveReadable(String table, Warehouse warehouse, Deadline deadline) throws ApiFailure;
}
