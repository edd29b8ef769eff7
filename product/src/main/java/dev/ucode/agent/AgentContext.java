package dev.ucode.agent;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.state.Exporter;
import dev.ucode.state.WorkspaceState;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's settings and launches are made from.
 *
 * @param version ucode's own
 * @param ucode absolute path of the {@code ucode} that settings name as their token helper
 * @param installed the agent's program; null where there is none yet
 * @param tokenInterval how long the agent may keep a token before it asks again
 * @param model one model for everything, as the person asked for this launch; null for {@code
 *     models}
 */
public record AgentContext(
    Folders folders,
    Environment environment,
    String version,
    Path ucode,
    @Nullable Installed installed,
    WorkspaceUrl workspace,
    SignIn signIn,
    Duration tokenInterval,
    Models models,
    @Nullable String model,
    Tracing tracing) {

  /** What is remembered of a workspace, as agents need it. */
  public static AgentContext of(
      WorkspaceState workspace,
      Folders folders,
      Environment environment,
      String version,
      @Nullable Installed installed) {
    return new AgentContext(
        folders,
        environment,
        version,
        folders.bin().resolve("ucode"),
        installed,
        workspace.url(),
        workspace.signIn(),
        workspace.tokenInterval(),
        workspace.models(),
        null,
        tracing(workspace));
  }

  private static Tracing tracing(WorkspaceState workspace) {
    TraceDestination destination = workspace.destination();
    if (destination == null) {
      return Tracing.OFF;
    }
    String mlflow = workspace.tracing().mlflow();
    if (workspace.tracing().exporter() == Exporter.NATIVE || mlflow == null) {
      return new Tracing.Native(destination.id());
    }
    String uri =
        switch (workspace.signIn()) {
          case SignIn.PatProfile(String profile) -> "databricks://" + profile;
          case SignIn.ClientCredentialsProfile(String profile) -> "databricks://" + profile;
          case SignIn.EnvironmentVariable variable -> "databricks";
        };
    return new Tracing.Mlflow(
        Path.of(mlflow), uri, destination.experimentId(), destination.warehouseId());
  }

  public AgentContext withTracing(Tracing other) {
    return new AgentContext(
        folders,
        environment,
        version,
        ucode,
        installed,
        workspace,
        signIn,
        tokenInterval,
        models,
        model,
        other);
  }

  public AgentContext withUcode(Path other) {
    return new AgentContext(
        folders,
        environment,
        version,
        other,
        installed,
        workspace,
        signIn,
        tokenInterval,
        models,
        model,
        tracing);
  }

  public AgentContext withModel(@Nullable String other) {
    return new AgentContext(
        folders,
        environment,
        version,
        ucode,
        installed,
        workspace,
        signIn,
        tokenInterval,
        models,
        other,
        tracing);
  }
}
