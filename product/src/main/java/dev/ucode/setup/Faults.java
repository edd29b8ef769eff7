package dev.ucode.setup;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.ApiFailure;

/** What a workspace's refusal means to the person who configures. */
final class Faults {
  private Faults() {}

  /**
   * @param what what could not be done, e.g. {@code cannot list SQL warehouses}
   * @param grant what to ask an admin for, where the permission is missing
   */
  static UserException of(ApiFailure failure, WorkspaceUrl workspace, String what, String grant) {
    Problem problem =
        switch (failure.kind()) {
          case UNREACHABLE ->
              Problem.failure(
                  "cannot reach " + workspace,
                  failure.detail(),
                  "check the address, the network and proxy settings, then try again");
          case NOT_AN_API ->
              Problem.failure(
                  workspace + " does not answer like a Databricks workspace",
                  failure.detail(),
                  "check the address; behind a VPN or an IP access list, connect first");
          case FORBIDDEN ->
              Problem.failure(
                  what + " on " + workspace + ": no permission", failure.detail(), grant);
          case UNAVAILABLE ->
              Problem.failure(
                  what + ": " + workspace + " is not available",
                  failure.detail(),
                  "try again in a few minutes");
          case NOT_FOUND, REFUSED ->
              Problem.failure(what + " on " + workspace, failure.detail(), grant);
        };
    return new UserException(problem, failure);
  }
}
