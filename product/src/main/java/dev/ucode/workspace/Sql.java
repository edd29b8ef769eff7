package dev.ucode.workspace;

import dev.ucode.http.Deadline;
import java.util.Map;

/** A workspace's SQL warehouses, asked on a person's wish. */
public interface Sql {
  /**
   * Runs a statement that only reads. A warehouse that is stopped is started by it.
   *
   * @param parameters named parameters, all of them strings
   * @throws dev.ucode.problem.UserException where the person must sign in
   * @throws ApiFailure where the workspace does not do it, or not by the deadline
   */
  SqlRows select(
      String warehouse, String statement, Map<String, String> parameters, Deadline deadline)
      throws ApiFailure;
}
