package dev.ucode.spool;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent process that {@code ucode} started with tracing on: sessions it runs may be looked at
 * even where no hook tells of them.
 *
 * @param process the agent's process id
 * @param processStart when that process began, to tell it from a later one of the same id; null
 *     where the system does not say
 * @param destination where its traces go
 * @param workingDirectory the folder it was started in
 * @param session the session it was told to run, where it was told
 * @param at when it was started
 */
public record Launch(
    long process,
    @Nullable Instant processStart,
    AgentId agent,
    String destination,
    Path workingDirectory,
    @Nullable SessionId session,
    Instant at) {}
