package dev.ucode.workspace;

/**
 * How tokens for a workspace are come by, later and in another process. Holds names, never secrets.
 */
public sealed interface SignIn {
  /** A personal access token in a profile of {@code ~/.databrickscfg}. */
  record PatProfile(String profile) implements SignIn {}

  /** OAuth client credentials (a service principal) in a profile of {@code ~/.databrickscfg}. */
  record ClientCredentialsProfile(String profile) implements SignIn {}

  /**
   * A variable of the environment: {@code DATABRICKS_BEARER}, {@code DATABRICKS_TOKEN} or the
   * client credentials pair. A later process that lacks it cannot be served.
   */
  record EnvironmentVariable(String name) implements SignIn {}
}
