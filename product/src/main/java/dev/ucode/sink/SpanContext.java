package dev.ucode.sink;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What every span of a trace carries besides its own: it fills the resource ({@code service.name})
 * and the session and user attributes.
 */
public record SpanContext(
    AgentId agent, @Nullable String agentVersion, SessionId session, @Nullable String user) {}
