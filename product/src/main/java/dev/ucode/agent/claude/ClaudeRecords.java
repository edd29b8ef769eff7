package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.TokenUsage;
import dev.ucode.transcript.Entry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in {@link Entry} terms what one transcript file of Claude Code (1.0 to 2.1) records, record
 * by record in file order.
 */
final class ClaudeRecords {
  /** Where the entries go. */
  interface Target {
    /**
     * Takes an entry.
     *
     * @param chain the first record's id of the subagent whose records lie in the main file; null
     *     for the file's own
     */
    void accept(Entry entry, @Nullable String chain) throws IOException;
  }

  /** Usage that a stream began with; what is above is never one (observed: 1 to 27). */
  private static final int HIGHEST_PLACEHOLDER = 32;

  private static final Pattern TASK_ID = Pattern.compile("<task-id>([^<]*)</task-id>");
  private static final Pattern TOOL_ID = Pattern.compile("<tool-use-id>([^<]*)</tool-use-id>");
  private static final Pattern STATUS = Pattern.compile("<status>([^<]*)</status>");
  private static final Pattern COMMAND =
      Pattern.compile("<command-name>\\s*(/?[^<]*?)\\s*</command-name>");
  private static final Pattern ARGUMENTS =
      Pattern.compile("(?s)<command-args>\\s*(.*?)\\s*</command-args>");
  private static final Pattern BASH = Pattern.compile("(?s)<bash-input>\\s*(.*?)\\s*</bash-input>");

  /** Tools that start agents: {@code Task} up to 2.1.62, {@code Agent} from 2.1.63 on. */
  private static final Set<String> AGENT_TOOLS = Set.of("Agent", "Task");

  private static final Set<String> SYSTEM_WITHOUT_RULE =
      Set.of("local_command", "informational", "away_summary", "agents_killed");

  private final String session;
  private final boolean agentFile;
  private final Map<String, String> chains = new HashMap<>();
  private @Nullable Instant time;
  private @Nullable Instant firstQueued;
  private boolean ownPromptSeen;
  private String version = "";
  private String entrypoint = "";
  private @Nullable Json lastCommand;

  /**
   * A file of which nothing was read yet.
   *
   * @param session the id of the session whose file it is
   * @param agentFile whether it is a subagent's file, all of whose records are sidechain records
   */
  ClaudeRecords(String session, boolean agentFile) {
    this.session = session;
    this.agentFile = agentFile;
  }

  String version() {
    return version;
  }

  /** How the session was last started, in the agent's word: {@code cli}, {@code sdk-cli}… */
  String entrypoint() {
    return entrypoint;
  }

  /** What has to be known when reading on in the middle of the file. */
  Json.Obj memory() {
    return Json.object()
        .put("version", version)
        .put("entrypoint", entrypoint)
        .putIfPresent("first_queued", firstQueued == null ? null : firstQueued.toString())
        .put("own_prompt", ownPromptSeen)
        .build();
  }

  void remember(Json memory) {
    version = memory.text("version", "");
    entrypoint = memory.text("entrypoint", "");
    firstQueued = parse(memory.text("first_queued"));
    ownPromptSeen = memory.isTrue("own_prompt");
  }

  /**
   * Takes one record.
   *
   * @return the name of a record this reader has no rule for, else null
   */
  @Nullable String accept(Json record, Target target) throws IOException {
    String type = record.text("type", "");
    Instant recorded = parse(record.text("timestamp"));
    time = recorded == null ? time : recorded;
    switch (type) {
      case "user" -> user(record, target);
      case "assistant" -> assistant(record, target);
      case "attachment" -> {
        return ClaudeAttachments.accept(record, now(), entry -> emit(entry, record, target));
      }
      case "system" -> {
        return system(record, target);
      }
      case "api-request" ->
          emit(
              new Entry.Request(record.text("id", ""), now(), text(record, "params", "model")),
              record,
              target);
      case "queue-operation" -> queued(record, target);
      case "cost-state" -> emit(totals(record), record, target);
      default -> {
        return ClaudeLines.PASSED_OVER.contains(type) ? null : type.isEmpty() ? "?" : type;
      }
    }
    return null;
  }

  private void emit(Entry entry, Json record, Target target) throws IOException {
    target.accept(entry, chain(record));
  }

  /** The chain of a sidechain record in the main file: that of its parent, or its own. */
  private @Nullable String chain(Json record) {
    if (agentFile || !record.isTrue("isSidechain")) {
      return null;
    }
    String id = record.text("uuid", "");
    String parent = record.text("parentUuid", "");
    return chains.computeIfAbsent(id, none -> chains.getOrDefault(parent, id));
  }

  private void user(Json record, Target target) throws IOException {
    Json content = at(record, "message", "content");
    if (record.isTrue("isVisibleInTranscriptOnly") && !record.isTrue("isCompactSummary")) {
      return; // never sent to the model
    }
    if (content instanceof Json.Arr(List<Json> blocks) && hasResult(blocks)) {
      results(record, blocks, target);
      return;
    }
    String text =
        content instanceof Json.Arr(List<Json> b) ? promptText(b) : ClaudeContent.flat(content);
    String start = text.stripLeading();
    Json.Obj message = ClaudeContent.user(content);
    Entry entry;
    if (start.startsWith("[Request interrupted by user")) {
      emit(new Entry.Interrupt(now(), start.contains("for tool use")), record, target);
      entry = new Entry.Input(now(), message, false);
    } else if (record.isTrue("isCompactSummary")
        || (record.isTrue("isMeta") && !toAgent(record))
        || text.isBlank()
        || expands(record, content)) {
      entry = new Entry.Input(now(), message, start.startsWith("Stop hook feedback:"));
    } else if (start.startsWith("<local-command-")) {
      emit(new Entry.CommandDone(), record, target);
      entry = new Entry.Input(now(), message, false);
    } else if (start.startsWith("<bash-stdout>") || start.startsWith("<bash-stderr>")) {
      entry = new Entry.Input(now(), message, false);
    } else {
      entry = prompt(record, text, start, message);
    }
    if (!record.isTrue("isSidechain") && entry instanceof Entry.Prompt) {
      chains.clear(); // a turn's sidechains lie within it
    }
    emit(entry, record, target);
  }

  private Entry.Prompt prompt(Json record, String text, String start, Json.Obj message) {
    boolean notification =
        "task-notification".equals(text(record, "origin", "kind"))
            || start.startsWith("<task-notification>");
    Entry.Cause cause = Entry.Cause.PERSON;
    String shown = text;
    if (notification) {
      cause = Entry.Cause.NOTIFICATION;
    } else if (start.startsWith("<command-name>") || start.startsWith("<command-message>")) {
      cause = Entry.Cause.COMMAND;
      shown = (group(COMMAND, text, text) + " " + group(ARGUMENTS, text, "")).strip();
      lastCommand = record;
    } else if (start.startsWith("<bash-input>")) {
      cause = Entry.Cause.COMMAND;
      shown = "! " + group(BASH, text, text);
    }
    version = record.text("version", version);
    entrypoint = record.text("entrypoint", entrypoint);
    // A fork begins with what it copied, older than the first thing queued in it.
    boolean copied = !ownPromptSeen && firstQueued != null && now().isBefore(firstQueued);
    ownPromptSeen |= !copied;
    return new Entry.Prompt(
        record.text("uuid", ""),
        now(),
        cause,
        shown,
        message,
        notification ? tasks(text) : List.of(),
        facts(record),
        copied);
  }

  private static Entry.Facts facts(Json record) {
    String branch = record.text("gitBranch");
    return new Entry.Facts(
        record.text("cwd"),
        "HEAD".equals(branch)
            ? null
            : branch, // what it says without a repository, or without a branch
        record.text("version"),
        record.text("permissionMode"),
        record.text("entrypoint"));
  }

  /** A message to an agent that its own file marks as meta, though it is what it works on. */
  private boolean toAgent(Json record) {
    return agentFile && "coordinator".equals(text(record, "origin", "kind"));
  }

  /** The text a command stands for, which versions before 2 do not mark as meta. */
  private boolean expands(Json record, @Nullable Json content) {
    Json command = lastCommand;
    return command != null
        && content instanceof Json.Arr
        && record.text("parentUuid", "").equals(command.text("uuid"))
        && record.text("timestamp", "").equals(command.text("timestamp"));
  }

  private static List<Entry.Task> tasks(String text) {
    String id = group(TASK_ID, text, "");
    String call = group(TOOL_ID, text, "");
    String status = group(STATUS, text, "");
    return id.isEmpty()
        ? List.of()
        : List.of(
            new Entry.Task(id, call.isEmpty() ? null : call, status.isEmpty() ? null : status));
  }

  /** The task a notification tells of, if the text is one. */
  static Entry.@Nullable Task task(String text) {
    List<Entry.Task> tasks =
        text.stripLeading().startsWith("<task-notification>") ? tasks(text) : List.of();
    return tasks.isEmpty() ? null : tasks.getFirst();
  }

  private static boolean hasResult(List<Json> blocks) {
    return blocks.stream().anyMatch(block -> block.text("type", "").equals("tool_result"));
  }

  private void results(Json record, List<Json> blocks, Target target) throws IOException {
    List<Json> others = new ArrayList<>();
    for (Json block : blocks) {
      if (block.text("type", "").equals("tool_result")) {
        emit(result(record, block), record, target);
      } else {
        others.add(block);
      }
    }
    if (!others.isEmpty()) {
      Json.Obj message = ClaudeContent.user(new Json.Arr(others));
      emit(new Entry.Input(now(), message, false), record, target);
    }
  }

  private Entry.ToolResult result(Json record, Json block) {
    Json details = record.get("toolUseResult");
    details = details == null ? Json.Null.NULL : details;
    Json content = block.get("content");
    Outcome outcome = Outcome.OK;
    if (record.get("toolDenialKind") != null || "User rejected tool use".equals(details.asText())) {
      outcome = new Outcome.Failed("rejected", ClaudeContent.flat(content));
    } else if (block.isTrue("is_error")) {
      outcome = new Outcome.Failed("tool_error", ClaudeContent.flat(content));
    }
    String agent = details.text("agentId");
    String resumed = details.text("resumedAgentId");
    Entry.Started started = null;
    if (resumed != null) {
      started = new Entry.Started(resumed, true, true);
    } else if (agent != null) {
      started =
          new Entry.Started(
              agent,
              details.isTrue("isAsync") || "async_launched".equals(details.text("status")),
              false);
    }
    Json.Builder extra = Json.object();
    extra.putIfPresent("ucode.persisted_output.path", details.text("persistedOutputPath"));
    extra.putIfPresent("ucode.persisted_output.size", details.number("persistedOutputSize"));
    extra.putIfPresent("ucode.permission.decision", text(record, "permissionDecision", "decision"));
    extra.putIfPresent("ucode.permission.source", text(record, "permissionDecision", "source"));
    extra.putIfPresent("ucode.permission.denial", record.text("toolDenialKind"));
    extra.putIfPresent("ucode.background_task", details.text("backgroundTaskId"));
    return new Entry.ToolResult(
        now(),
        block.text("tool_use_id", ""),
        ClaudeContent.result(content),
        ClaudeContent.user(Json.array(block)),
        outcome,
        started,
        details.text("backgroundTaskId"),
        extra.build());
  }

  private void assistant(Json record, Target target) throws IOException {
    Json message = record.get("message");
    message = message == null ? Json.Null.NULL : message;
    String recordId = record.text("uuid", "");
    boolean synthetic = message.text("model", "").equals("<synthetic>");
    if (record.isTrue("isApiErrorMessage")) {
      emit(apiError(record, message), record, target);
      return;
    }
    if (synthetic) {
      return; // said by the agent, not by a model: "No response requested."
    }
    String requestId = record.text("requestId");
    String callId = message.text("id", requestId == null ? recordId : requestId);
    String asked = record.text("requestSessionId");
    List<Json> content = message.items("content");
    if (message.get("content") instanceof Json.Str(String text)) {
      content = List.of(Json.object().put("type", "text").put("text", text).build());
    }
    boolean aborted = record.isTrue("isAbortedMidStream");
    Json.Builder extra = Json.object();
    extra.putIfPresent("mlflow.skill.name", record.text("attributionSkill"));
    Json thought = at(message, "usage", "output_tokens_details");
    Long thinking = thought == null ? null : thought.number("thinking_tokens");
    if (thinking != null && thinking > 0) {
      extra.put("ucode.usage.thinking_tokens", thinking.longValue());
    }
    emit(
        new Entry.Output(
            recordId,
            now(),
            callId,
            record.text("requestRef"),
            requestId,
            message.text("model"),
            ClaudeContent.blocks(content),
            message.text("stop_reason"),
            usage(message, aborted),
            aborted,
            asked != null && !asked.equals(session),
            extra.build()),
        record,
        target);
    for (Json block : content) {
      if (block.text("type", "").equals("tool_use")) {
        emit(toolUse(block), record, target);
      }
    }
  }

  private Entry.ToolUse toolUse(Json block) {
    String name = block.text("name", "");
    String server = null;
    if (name.startsWith("mcp__")) {
      int end = name.indexOf("__", 5);
      server = end < 0 ? name.substring(5) : name.substring(5, end);
    }
    Json input = block.get("input");
    return new Entry.ToolUse(
        now(),
        block.text("id", ""),
        name,
        server,
        input == null ? Json.object().build() : input,
        AGENT_TOOLS.contains(name));
  }

  private static @Nullable TokenUsage usage(Json message, boolean aborted) {
    Json usage = message.get("usage");
    if (usage == null) {
      return null;
    }
    long output = usage.number("output_tokens", 0);
    boolean ended = message.text("stop_reason") != null;
    return new TokenUsage(
        !aborted && (ended || output > HIGHEST_PLACEHOLDER)
            ? TokenUsage.Quality.EXACT
            : TokenUsage.Quality.PLACEHOLDER,
        usage.number("input_tokens", 0),
        output,
        usage.number("cache_read_input_tokens", 0),
        usage.number("cache_creation_input_tokens", 0));
  }

  private Entry.ApiError apiError(Json record, Json message) {
    Json.Builder extra = Json.object();
    extra.putIfPresent("http.response.status_code", record.number("apiErrorStatus"));
    extra.putIfPresent("ucode.api_error_type", record.text("apiErrorType"));
    return new Entry.ApiError(
        message.text("id", record.text("uuid", "")),
        now(),
        record.text("error", "api_error"),
        ClaudeContent.text(message.items("content")),
        record.text("requestId"),
        extra.build());
  }

  private @Nullable String system(Json record, Target target) throws IOException {
    String subtype = record.text("subtype", "");
    switch (subtype) {
      case "api_error" -> emit(new Entry.Retry(now(), retry(record)), record, target);
      case "stop_hook_summary" -> {
        if (record.items("hookAdditionalContext").isEmpty()) { // else it may go on
          emit(new Entry.TurnEnd(), record, target);
        }
      }
      case "turn_duration" -> emit(new Entry.TurnEnd(), record, target);
      case "compact_boundary", "microcompact_boundary" ->
          emit(new Entry.Compaction(now(), compaction(record, subtype)), record, target);
      default -> {
        return SYSTEM_WITHOUT_RULE.contains(subtype) ? null : "system/" + subtype;
      }
    }
    return null;
  }

  private static Json.Obj retry(Json record) {
    Json error = record.get("error");
    error = error == null ? Json.Null.NULL : error;
    Json connection = error.get("connection");
    return Json.object()
        .putIfPresent("http.response.status_code", error.number("status"))
        .putIfPresent("message", error.text("message"))
        .putIfPresent("request_id", error.text("requestId"))
        .putIfPresent("connection_error", connection == null ? null : connection.text("code"))
        .putIfPresent("attempt", record.number("retryAttempt"))
        .putIfPresent("max_retries", record.number("maxRetries"))
        .putIfPresent("retry_in_ms", record.number("retryInMs"))
        .build();
  }

  private static Json.Obj compaction(Json record, String subtype) {
    Json details = record.get("compactMetadata");
    details = details == null ? Json.Null.NULL : details;
    return Json.object()
        .put("kind", subtype.equals("compact_boundary") ? "full" : "micro")
        .putIfPresent("trigger", details.text("trigger"))
        .putIfPresent("tokens_before", details.number("preTokens"))
        .putIfPresent("duration_ms", details.number("durationMs"))
        .build();
  }

  private void queued(Json record, Target target) throws IOException {
    if (firstQueued == null) {
      firstQueued = parse(record.text("timestamp"));
    }
    Entry.Task task = task(record.text("content", ""));
    if (task != null && record.text("operation", "").equals("enqueue")) {
      emit(new Entry.TaskDone(task), record, target);
    }
  }

  private static Entry.Totals totals(Json record) {
    TokenUsage sum = new TokenUsage(TokenUsage.Quality.EXACT, 0, 0, 0, 0);
    if (record.get("modelUsage") instanceof Json.Obj(Map<String, Json> models)) {
      for (Json model : models.values()) {
        sum =
            sum.plus(
                new TokenUsage(
                    TokenUsage.Quality.EXACT,
                    model.number("inputTokens", 0),
                    model.number("outputTokens", 0),
                    model.number("cacheReadInputTokens", 0),
                    model.number("cacheCreationInputTokens", 0)));
      }
    }
    Long era = record.number("startTime");
    return new Entry.Totals(sum, era == null ? "" : era.toString());
  }

  private Instant now() {
    return time == null ? Instant.EPOCH : time;
  }

  private static @Nullable Instant parse(@Nullable String timestamp) {
    try {
      return timestamp == null ? null : Instant.parse(timestamp);
    } catch (DateTimeException notATime) {
      return null;
    }
  }

  /** What a prompt of several blocks says, with a word for each that is not text. */
  private static String promptText(List<Json> blocks) {
    return ClaudeContent.flat(new Json.Arr(blocks));
  }

  private static @Nullable Json at(Json from, String name, String inner) {
    Json outer = from.get(name);
    return outer == null ? null : outer.get(inner);
  }

  private static @Nullable String text(Json from, String name, String inner) {
    Json outer = from.get(name);
    return outer == null ? null : outer.text(inner);
  }

  private static String group(Pattern pattern, String text, String otherwise) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : otherwise;
  }
}
