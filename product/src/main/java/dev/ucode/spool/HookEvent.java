package dev.ucode.spool;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One firing of our hook, as found in the inbox.
 *
 * @param file where it lies until it is dealt with
 * @param origin who fired it, from the file's name; null where the name says nothing
 * @param firedAt when the hook had written it
 * @param payload what the agent said; null where that cannot be read, and the event is a bare
 *     wake-up: something happened somewhere
 */
public record HookEvent(
    Path file, @Nullable Origin origin, Instant firedAt, @Nullable Payload payload) {

  /**
   * Who fired an event.
   *
   * @param destination where its traces go, fixed when the hook was installed
   * @param hookProcess the hook's own process id
   * @param agentProcess its parent's: the agent's, or that of a shell in between
   */
  public record Origin(AgentId agent, String destination, long hookProcess, long agentProcess) {}

  /**
   * The part of an agent's event that we read.
   *
   * @param name the event's name: {@code Stop}, {@code SessionEnd}…
   * @param agentTranscript the transcript of a subagent the event is about
   */
  public record Payload(
      String name,
      SessionId session,
      @Nullable Path transcript,
      @Nullable Path workingDirectory,
      @Nullable Path agentTranscript) {}
}
