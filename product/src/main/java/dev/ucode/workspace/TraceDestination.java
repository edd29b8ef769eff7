package dev.ucode.workspace;

import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import org.jspecify.annotations.Nullable;

/**
 * A resolved Unity Catalog destination of traces, fixed when tracing was configured.
 *
 * @param id short name in hook events ({@code [a-z0-9]+}), derived from workspace and experiment
 * @param experimentName full path, e.g. {@code /Shared/ucode-traces}
 * @param spansTable full name, from the experiment's tags
 * @param warehouseId for reading back; writing needs none
 * @param user the workspace identity the traces are stamped with
 */
public record TraceDestination(
    String id,
    WorkspaceUrl workspace,
    SignIn signIn,
    String experimentId,
    String experimentName,
    UcLocation location,
    String spansTable,
    @Nullable String warehouseId,
    @Nullable String user) {}
