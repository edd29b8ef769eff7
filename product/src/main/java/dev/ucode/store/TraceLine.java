package dev.ucode.store;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trace in a list.
 *
 * @param name of its root span
 * @param prompt the beginning of what started it, on one line; empty where content is not kept
 * @param announced false where no hook told of it and the sweep found it
 * @param destination where it goes; null where it stays on this machine
 * @param delivery where it is on the way there; null where it stays
 */
public record TraceLine(
    TraceId id,
    AgentId agent,
    SessionId session,
    String name,
    Instant start,
    Instant end,
    Trace.State state,
    String prompt,
    int spans,
    TokenUsage usage,
    boolean announced,
    @Nullable String destination,
    Parcel.@Nullable State delivery) {}
