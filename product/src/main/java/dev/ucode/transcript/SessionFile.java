package dev.ucode.transcript;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * One session's main record.
 *
 * @param transcript the main file, as the agent named it; it may not exist yet
 * @param firstSeen when our first hook or launch of this session was: turns that began before are
 *     another tool's or an untraced session's past, and are skipped
 */
public record SessionFile(AgentId agent, SessionId session, Path transcript, Instant firstSeen) {}
