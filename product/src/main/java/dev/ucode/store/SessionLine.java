package dev.ucode.store;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.TokenUsage;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session in a list.
 *
 * @param start of its first trace
 * @param end of its last
 * @param prompt the beginning of its first trace's prompt, on one line
 */
public record SessionLine(
    AgentId agent,
    SessionId session,
    @Nullable Path folder,
    Instant start,
    Instant end,
    int traces,
    int errors,
    String prompt,
    TokenUsage usage) {}
