package dev.ucode.workspace;

import dev.ucode.http.Deadline;
import dev.ucode.name.WorkspaceUrl;

/** Access tokens for workspaces, cached across processes and refreshed by one at a time. */
public interface Tokens {
  /**
   * A token with a useful part of its life left. Never prompts, never gives one workspace's token
   * for another.
   *
   * @throws dev.ucode.problem.UserException where the person must sign in (again)
   * @throws dev.ucode.http.HttpFailure where the token endpoint cannot be reached
   */
  String get(WorkspaceUrl workspace, SignIn signIn, Deadline deadline)
      throws dev.ucode.http.HttpFailure;

  /** A token other than the given one, which the workspace has just refused. */
  String replace(WorkspaceUrl workspace, SignIn signIn, String refused, Deadline deadline)
      throws dev.ucode.http.HttpFailure;
}
