package dev.ucode.agent;

import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Environment;
import dev.ucode.os.Folders;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's settings and launches are made from.
 *
 * @param version ucode's own
 * @param installed the agent's program; null where there is none yet
 * @param tokenInterval how long the agent may keep a token before it asks again
 */
public record AgentContext(
    Folders folders,
    Environment environment,
    String version,
    @Nullable Installed installed,
    WorkspaceUrl workspace,
    SignIn signIn,
    Duration tokenInterval,
    Models models,
    Tracing tracing) {}
