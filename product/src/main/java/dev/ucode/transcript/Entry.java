package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.TokenUsage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent recorded, said without its own format: the input of {@link TurnAssembler}. Messages
 * are in the agent's wire format, ready for a span (blocks a chat view cannot show are replaced).
 * One record of an agent may make several entries; file order is their order, times may go back.
 */
public sealed interface Entry {
  /** How a prompt came about. */
  enum Cause {
    /** Somebody wrote it, or a program on their behalf. */
    PERSON,
    /**
     * A command, of which it is not known yet whether the model will hear: a turn if it answers.
     */
    COMMAND,
    /** A background task told that it is over. Several in a row are one turn. */
    NOTIFICATION
  }

  /**
   * What begins a turn.
   *
   * @param id the agent's id of the record, the same in every copy
   * @param text as the person wrote it
   * @param tasks of a notification: the tasks it tells of
   * @param copied whether it is known to be a copy out of another session
   */
  record Prompt(
      String id,
      Instant time,
      Cause cause,
      String text,
      Json.Obj message,
      List<Task> tasks,
      Facts facts,
      boolean copied)
      implements Entry {}

  /**
   * Where and how the session ran when a prompt was given; what was not recorded is null.
   *
   * @param version of the agent
   * @param entrypoint how the agent was started, in its own word
   */
  record Facts(
      @Nullable String workingDirectory,
      @Nullable String branch,
      @Nullable String version,
      @Nullable String permissionMode,
      @Nullable String entrypoint) {
    public static final Facts NONE = new Facts(null, null, null, null, null);
  }

  /**
   * A task that ran in the background.
   *
   * @param toolCall the call that launched it
   */
  record Task(String id, @Nullable String toolCall, @Nullable String status) {}

  /**
   * Something new for the model that begins no turn: a reminder, a summary, a message given while
   * it worked.
   *
   * @param sendsOn whether it makes the model go on after its answer, as a Stop hook's objection
   */
  record Input(Instant time, Json.Obj message, boolean sendsOn) implements Entry {}

  /** The agent added a standing text of its own (tool lists, the date…); its kind is enough. */
  record Context(String kind) implements Entry {}

  /** A request was sent to the model. */
  record Request(String id, Instant time, @Nullable String model) implements Entry {}

  /**
   * A part of the model's answer.
   *
   * @param recordId the agent's id of the record, to know a repetition
   * @param callId the same for all parts of one answer
   * @param request the id of the {@link Request} it answers
   * @param requestId the gateway's
   * @param usage as far as known with this part; the last one counts
   * @param aborted whether the stream was broken off by the user
   * @param copied whether another session asked for it
   * @param extra attributes for its span
   */
  record Output(
      String recordId,
      Instant time,
      String callId,
      @Nullable String request,
      @Nullable String requestId,
      @Nullable String model,
      List<Json> content,
      @Nullable String stopReason,
      @Nullable TokenUsage usage,
      boolean aborted,
      boolean copied,
      Json.Obj extra)
      implements Entry {}

  /**
   * The model asks for a tool.
   *
   * @param startsAgent whether the tool is one that starts agents
   */
  record ToolUse(
      Instant time,
      String callId,
      String name,
      @Nullable String mcpServer,
      Json input,
      boolean startsAgent)
      implements Entry {}

  /**
   * What a tool gave.
   *
   * @param result as it went back to the model
   * @param message the same as a message
   * @param started the agent it started, if it says so
   * @param task the id of a background task it left running, if any
   * @param extra attributes for its span
   */
  record ToolResult(
      Instant time,
      String callId,
      Json result,
      Json.Obj message,
      Outcome outcome,
      @Nullable Started started,
      @Nullable String task,
      Json.Obj extra)
      implements Entry {}

  /**
   * An agent that a tool call started.
   *
   * @param background whether the call returned before the agent was done
   * @param resumed whether the agent had run and ended before
   */
  record Started(String agentId, boolean background, boolean resumed) {}

  /** A request failed and will be repeated. */
  record Retry(Instant time, Json.Obj attributes) implements Entry {}

  /**
   * A request failed for good.
   *
   * @param id the agent's id of the record
   */
  record ApiError(
      String id,
      Instant time,
      String type,
      String message,
      @Nullable String requestId,
      Json.Obj extra)
      implements Entry {}

  /**
   * The user stopped the agent.
   *
   * @param inTool whether a tool was running
   */
  record Interrupt(Instant time, boolean inTool) implements Entry {}

  /** The conversation was summarised. */
  record Compaction(Instant time, Json.Obj attributes) implements Entry {}

  /** A command was handled by the agent alone: the last {@link Cause#COMMAND} is no turn. */
  record CommandDone() implements Entry {}

  /** The agent says that the turn is over, unless something sent the model on. */
  record TurnEnd() implements Entry {}

  /** A background task is over. */
  record TaskDone(Task task) implements Entry {}

  /**
   * What the session used so far, as the agent counts it.
   *
   * @param era changes when the count began anew
   */
  record Totals(TokenUsage usage, String era) implements Entry {}
}
