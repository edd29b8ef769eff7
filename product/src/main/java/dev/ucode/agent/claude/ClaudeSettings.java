package dev.ucode.agent.claude;

import dev.ucode.agent.AgentContext;
import dev.ucode.agent.Helpers;
import dev.ucode.agent.Installed;
import dev.ucode.agent.Tracing;
import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.workspace.ClaudeFamilies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The settings we give Claude Code by {@code --settings}: the gateway as its API, a helper that
 * prints tokens, the workspace's models, and the hooks of tracing. They lie above the person's and
 * a project's settings, and Claude Code runs the hooks of all of them.
 */
final class ClaudeSettings {
  /**
   * What would lead Claude Code past the gateway or replace our token, if it came from the person's
   * shell or a project's settings. Empty means not set; each was seen to win otherwise.
   */
  private static final List<String> BYPASSES =
      List.of(
          "ANTHROPIC_AUTH_TOKEN",
          "ANTHROPIC_API_KEY",
          "CLAUDE_CODE_OAUTH_TOKEN",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_VERTEX",
          "CLAUDE_CODE_USE_FOUNDRY",
          "CLAUDE_CODE_USE_MANTLE",
          "CLAUDE_CODE_USE_ANTHROPIC_AWS",
          "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD");

  /** Families with a model alias of their own in Claude Code. */
  private static final List<String> PINNED = List.of("opus", "sonnet", "haiku");

  /** Since which version a family can be used with a context of a million tokens. */
  private record LongContext(String family, List<Integer> since) {}

  private static final List<LongContext> LONG_CONTEXT =
      List.of(new LongContext("opus", List.of(4, 6)), new LongContext("sonnet", List.of(4, 6)));

  /** Ends a model's id where Claude Code shall use the long context. */
  private static final String LONG = "[1m]";

  /** For an agent that waits: our hook takes milliseconds, a hanging disk shall not take more. */
  private static final long SYNCHRONOUS_SECONDS = 5;

  private static final long ASYNCHRONOUS_SECONDS = 30;

  /** The MLflow hook reads the trace back, with retries, before it ends. */
  private static final long MLFLOW_SECONDS = 120;

  /** How the command of MLflow's own hook ends, whoever wrote it. */
  static final String MLFLOW_HOOK = " autolog claude stop-hook";

  private ClaudeSettings() {}

  static Json.Obj of(AgentContext context) {
    Json.Builder settings =
        Json.object()
            .put("apiKeyHelper", Helpers.shell(Helpers.token(context)))
            .put("env", env(context))
            // The gateway refuses Anthropic's own web search; only the bare tool name removes it.
            .put(
                "permissions", Json.object().put("deny", Json.array(Json.of("WebSearch"))).build());
    Json.Obj hooks = hooks(context);
    if (!hooks.members().isEmpty()) {
      settings.put("hooks", hooks);
    }
    return settings.build();
  }

  private static Json.Obj env(AgentContext context) {
    Installed installed = context.installed();
    String agentVersion = installed == null ? "unknown" : installed.version();
    Json.Builder env =
        Json.object()
            .put("ANTHROPIC_BASE_URL", context.workspace() + "/ai-gateway/anthropic")
            .put(
                "ANTHROPIC_CUSTOM_HEADERS",
                "x-databricks-use-coding-agent-mode: true\nUser-Agent: ucode/"
                    + context.version()
                    + " claude/"
                    + agentVersion)
            .put(
                "CLAUDE_CODE_API_KEY_HELPER_TTL_MS",
                Long.toString(context.tokenInterval().toMillis()))
            .put("ENABLE_PROMPT_CACHING_1H", "1")
            .put("ENABLE_TOOL_SEARCH", "1")
            .put("CLAUDE_CODE_USE_GATEWAY", "1");
    BYPASSES.forEach(name -> env.put(name, ""));
    if ("1".equals(context.environment().get("ENABLE_CLAUDE_CODE_GATEWAY_MODEL_DISCOVERY"))) {
      env.put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
    }
    for (String family : PINNED) {
      String model = context.model();
      if (model == null) {
        String newest = context.models().claude().get(family);
        model = newest == null ? null : longContext(family, newest);
      }
      env.putIfPresent("ANTHROPIC_DEFAULT_" + family.toUpperCase(Locale.ROOT) + "_MODEL", model);
    }
    if (context.tracing() instanceof Tracing.Mlflow mlflow) {
      env.put("MLFLOW_CLAUDE_TRACING_ENABLED", "true")
          .put("MLFLOW_TRACKING_URI", mlflow.trackingUri())
          .put("MLFLOW_EXPERIMENT_ID", mlflow.experimentId())
          .putIfPresent("MLFLOW_TRACING_SQL_WAREHOUSE_ID", mlflow.warehouseId())
          // The hook is a process of one turn: what it sends in the background dies with it.
          .put("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "false");
    }
    return env.build();
  }

  /** The id, marked for the long context where the model has it. */
  static String longContext(String family, String id) {
    ClaudeFamilies.Version version = ClaudeFamilies.Version.of(id, family);
    if (version == null || version.numbers().isEmpty() || id.endsWith(LONG)) {
      return id;
    }
    for (LongContext model : LONG_CONTEXT) {
      if (model.family().equals(family)
          && ClaudeFamilies.Version.compare(version.numbers(), model.since()) >= 0) {
        return id + LONG;
      }
    }
    return id;
  }

  private static Json.Obj hooks(AgentContext context) {
    List<Json> stop = new ArrayList<>();
    String destination;
    switch (context.tracing()) {
      case Tracing.Off off -> {
        return Json.object().build();
      }
      case Tracing.Native(String id) -> destination = id;
      case Tracing.Mlflow mlflow -> {
        destination = Tracing.LOCAL;
        List<String> command =
            List.of(mlflow.command().toString(), "autolog", "claude", "stop-hook");
        stop.add(group(Helpers.shell(command), MLFLOW_SECONDS, false));
      }
    }
    List<String> words = Helpers.hook(context, AgentId.CLAUDE.value(), destination);
    String hook = Helpers.shell(words);
    // The worker's process-id hint may be stale; the end of a session starts one in any case.
    List<String> wakeWords = new ArrayList<>(words);
    wakeWords.add("wake");
    String wake = Helpers.shell(wakeWords);
    stop.addFirst(group(hook, SYNCHRONOUS_SECONDS, false));
    return Json.object()
        .put("Stop", stop)
        .put("SubagentStop", List.of(group(hook, SYNCHRONOUS_SECONDS, false)))
        // Not asynchronous: headless, Claude Code ends at once after a failure, and what runs
        // asynchronously is then not always even started.
        .put("StopFailure", List.of(group(hook, SYNCHRONOUS_SECONDS, false)))
        .put("UserPromptSubmit", List.of(group(hook, ASYNCHRONOUS_SECONDS, true)))
        .put("SessionEnd", List.of(group(wake, ASYNCHRONOUS_SECONDS, true)))
        .build();
  }

  private static Json group(String command, long seconds, boolean asynchronous) {
    Json.Builder hook =
        Json.object().put("type", "command").put("command", command).put("timeout", seconds);
    if (asynchronous) {
      hook.put("async", true);
    }
    return Json.object().put("hooks", Json.array(hook.build())).build();
  }

  /**
   * The person's own settings with ours above: of two different values ours holds, lists of
   * permissions are united, and the hooks of both run, theirs first.
   */
  static Json.Obj over(Json.Obj theirs, Json.Obj ours) {
    return merge(theirs, ours, "");
  }

  private static Json.Obj merge(Json.Obj below, Json.Obj above, String path) {
    Map<String, Json> merged = new LinkedHashMap<>(below.members());
    above
        .members()
        .forEach(
            (name, value) -> {
              Json held = merged.get(name);
              String here = path + "/" + name;
              if (held instanceof Json.Obj lower && value instanceof Json.Obj upper) {
                merged.put(name, merge(lower, upper, here));
              } else if (held instanceof Json.Arr lower
                  && value instanceof Json.Arr upper
                  && (path.equals("/hooks") || path.equals("/permissions"))) {
                List<Json> union = new ArrayList<>(lower.items());
                upper.items().stream().filter(item -> !union.contains(item)).forEach(union::add);
                merged.put(name, new Json.Arr(union));
              } else {
                merged.put(name, value);
              }
            });
    return new Json.Obj(merged);
  }
}
