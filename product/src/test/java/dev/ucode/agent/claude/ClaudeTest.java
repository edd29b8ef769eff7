package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.agent.Agent;
import dev.ucode.agent.AgentContext;
import dev.ucode.agent.EnvValue;
import dev.ucode.agent.Installed;
import dev.ucode.agent.LaunchPlan;
import dev.ucode.agent.Tracing;
import dev.ucode.config.ChangeSet;
import dev.ucode.config.ConfigFiles;
import dev.ucode.config.FileEdit;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.FakeEnvironment;
import dev.ucode.os.Folders;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaudeTest {
  private final Claude claude = new Claude();
  @TempDir Path home;
  private FakeEnvironment env;
  private AgentContext context;

  @BeforeEach
  void create() {
    env = new FakeEnvironment(home);
    Folders folders = Folders.of(env);
    context =
        new AgentContext(
            folders,
            env,
            "0.1.0",
            folders.bin().resolve("ucode"),
            new Installed(Path.of("/usr/bin/claude"), "2.1.330"),
            new WorkspaceUrl("https://a.test"),
            new SignIn.PatProfile("my profile"),
            Duration.ofMinutes(15),
            new Models(
                Map.of(
                    "opus", "system.ai.claude-opus-5",
                    "sonnet", "databricks-claude-sonnet-4-5",
                    "haiku", "system.ai.claude-haiku-4-5",
                    "fable", "system.ai.claude-fable-1")),
            null,
            new Tracing.Native("abc123"));
  }

  @Test
  void theGatewayIsItsApi() {
    Json settings = settings(context);
    assertThat(env(settings))
        .containsEntry("ANTHROPIC_BASE_URL", "https://a.test/ai-gateway/anthropic")
        .containsEntry(
            "ANTHROPIC_CUSTOM_HEADERS",
            "x-databricks-use-coding-agent-mode: true\nUser-Agent: ucode/0.1.0 claude/2.1.330")
        .containsEntry("CLAUDE_CODE_API_KEY_HELPER_TTL_MS", "900000")
        .containsEntry("ENABLE_PROMPT_CACHING_1H", "1")
        .containsEntry("ENABLE_TOOL_SEARCH", "1")
        .containsEntry("CLAUDE_CODE_USE_GATEWAY", "1")
        .containsEntry("ANTHROPIC_AUTH_TOKEN", "")
        .containsEntry("ANTHROPIC_API_KEY", "")
        .containsEntry("CLAUDE_CODE_USE_BEDROCK", "")
        .containsEntry("CLAUDE_CODE_USE_VERTEX", "")
        .containsEntry("CLAUDE_CODE_USE_FOUNDRY", "")
        .doesNotContainKey("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY");
    assertThat(settings.text("apiKeyHelper"))
        .isEqualTo(context.ucode() + " auth-token --host https://a.test --profile 'my profile'");
    assertThat(settings.at("permissions", "deny")).isEqualTo(Json.array(Json.of("WebSearch")));
  }

  @Test
  void nothingOfMlflowAndNoSecretInTheNativeSettings() throws IOException {
    Files.writeString(home.resolve(".databrickscfg"), "[my profile]\ntoken = dapi-secret\n");
    String text = content(claude.configure(context));
    assertThat(text).doesNotContain("MLFLOW").doesNotContain("dapi-secret");
  }

  @Test
  void modelsArePinnedByFamilyWithTheLongContextWhereTheyHaveIt() {
    assertThat(env(settings(context)))
        .containsEntry("ANTHROPIC_DEFAULT_OPUS_MODEL", "system.ai.claude-opus-5[1m]")
        .containsEntry("ANTHROPIC_DEFAULT_SONNET_MODEL", "databricks-claude-sonnet-4-5")
        .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "system.ai.claude-haiku-4-5")
        .doesNotContainKey("ANTHROPIC_DEFAULT_FABLE_MODEL");
  }

  @Test
  void longContextByVersionNotByDate() {
    assertThat(ClaudeSettings.longContext("opus", "databricks-claude-opus-4-6")).endsWith("[1m]");
    assertThat(ClaudeSettings.longContext("sonnet", "system.ai.claude-sonnet-4-10"))
        .endsWith("[1m]");
    assertThat(ClaudeSettings.longContext("opus", "claude-opus-4-20250514")).doesNotEndWith("[1m]");
    assertThat(ClaudeSettings.longContext("opus", "system.ai.claude-opus-5[1m]"))
        .isEqualTo("system.ai.claude-opus-5[1m]");
    assertThat(ClaudeSettings.longContext("haiku", "system.ai.claude-haiku-9"))
        .doesNotEndWith("[1m]");
  }

  @Test
  void oneModelForEverythingIsTakenAsItIs() {
    assertThat(env(settings(context.withModel("my.own.model"))))
        .containsEntry("ANTHROPIC_DEFAULT_OPUS_MODEL", "my.own.model")
        .containsEntry("ANTHROPIC_DEFAULT_SONNET_MODEL", "my.own.model")
        .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "my.own.model");
  }

  @Test
  void modelDiscoveryOnlyWhereAskedFor() {
    env.set("ENABLE_CLAUDE_CODE_GATEWAY_MODEL_DISCOVERY", "1");
    assertThat(env(settings(context)))
        .containsEntry("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
  }

  @Test
  void hooksOfTracing() {
    Json hooks = member(settings(context), "hooks");
    String hook = context.folders().bin().resolve("hook") + " claude abc123";
    assertThat(((Json.Obj) hooks).members())
        .containsOnlyKeys("Stop", "SubagentStop", "StopFailure", "UserPromptSubmit", "SessionEnd");
    assertThat(hook(hooks, "Stop").text("command")).isEqualTo(hook);
    assertThat(hook(hooks, "Stop").get("async")).isNull();
    assertThat(hook(hooks, "SubagentStop").get("async")).isNull();
    assertThat(hook(hooks, "UserPromptSubmit").isTrue("async")).isTrue();
    assertThat(hook(hooks, "SessionEnd").isTrue("async")).isTrue();
    assertThat(hook(hooks, "SessionEnd").text("command")).isEqualTo(hook + " wake");
  }

  @Test
  void withoutTracingThereAreNoHooks() {
    assertThat(settings(context.withTracing(Tracing.OFF)).get("hooks")).isNull();
  }

  @Test
  void mlflowsOwnHookAndOursForTheLocalStore() {
    Json settings =
        settings(
            context.withTracing(
                new Tracing.Mlflow(Path.of("/x y/mlflow"), "databricks://p", "42", "w1")));
    assertThat(env(settings))
        .containsEntry("MLFLOW_CLAUDE_TRACING_ENABLED", "true")
        .containsEntry("MLFLOW_TRACKING_URI", "databricks://p")
        .containsEntry("MLFLOW_EXPERIMENT_ID", "42")
        .containsEntry("MLFLOW_TRACING_SQL_WAREHOUSE_ID", "w1")
        .containsEntry("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "false");
    List<String> commands =
        member(settings, "hooks").items("Stop").stream()
            .map(group -> group.items("hooks").getFirst().text("command"))
            .toList();
    assertThat(commands)
        .containsExactly(
            context.folders().bin().resolve("hook") + " claude local",
            "'/x y/mlflow' autolog claude stop-hook");
  }

  @Test
  void aLaunchUsesTheConfiguredFileWhereItSaysTheSame() throws IOException {
    new ConfigFiles(context.folders()).apply(claude.configure(context));
    LaunchPlan plan = claude.plan(context, List.of("-p", "hi"));
    Path named = home.resolve(".ucode/agents/claude/settings.json");
    assertThat(plan.args()).containsExactly("--settings", named.toString(), "-p", "hi");
    assertThat(plan.files()).isEqualTo(ChangeSet.NONE);
    assertThat(plan.binary()).isEqualTo(Path.of("/usr/bin/claude"));
    assertThat(plan.environment())
        .isEqualTo(Map.of("UCODE_WORKSPACE", new EnvValue.Plain("https://a.test")));
  }

  @Test
  void aLaunchThatDiffersHasAFileOfItsOwn() throws IOException {
    new ConfigFiles(context.folders()).apply(claude.configure(context));
    LaunchPlan one = claude.plan(context.withModel("m1"), List.of());
    LaunchPlan two = claude.plan(context.withModel("m2"), List.of());
    Path file = one.files().edits().getFirst().file();
    assertThat(file).hasParentRaw(home.resolve(".ucode/launch"));
    assertThat(one.args()).containsExactly("--settings", file.toString());
    assertThat(two.files().edits().getFirst().file()).isNotEqualTo(file);
    new ConfigFiles(context.folders()).apply(one.files());
    assertThat(claude.plan(context.withModel("m1"), List.of()).files()).isEqualTo(ChangeSet.NONE);
  }

  @Test
  void thePersonsOwnSettingsAreMergedAndNeverOnTheCommandLine() throws IOException {
    Files.writeString(
        home.resolve("mine.json"),
        """
        {
          // a comment, and a comma at the end
          "model": "opus",
          "env": {"MY_SECRET": "s3cret", "ANTHROPIC_BASE_URL": "https://elsewhere.test"},
          "permissions": {"deny": ["Bash(rm:*)"], "allow": ["Read"]},
          "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "mine"}]}],
                    "PreToolUse": [{"matcher": "Bash", "hooks": []}]},
        }
        """);
    LaunchPlan plan =
        claude.plan(
            context, List.of("--settings", "mine.json", "--settings={\"model\":\"haiku\"}", "x"));
    assertThat(String.join(" ", plan.args())).doesNotContain("s3cret").doesNotContain("mine.json");
    assertThat(plan.args()).hasSize(3).startsWith("--settings").endsWith("x");
    Json settings = parse(content(plan.files()));
    assertThat(settings.text("model")).isEqualTo("haiku");
    assertThat(env(settings))
        .containsEntry("MY_SECRET", "s3cret")
        .containsEntry("ANTHROPIC_BASE_URL", "https://a.test/ai-gateway/anthropic");
    assertThat(settings.at("permissions", "deny"))
        .isEqualTo(Json.array(Json.of("Bash(rm:*)"), Json.of("WebSearch")));
    assertThat(settings.at("permissions", "allow")).isEqualTo(Json.array(Json.of("Read")));
    List<Json> stop = member(settings, "hooks").items("Stop");
    assertThat(stop).hasSize(2);
    assertThat(stop.getFirst().items("hooks").getFirst().text("command")).isEqualTo("mine");
    assertThat(member(settings, "hooks").items("PreToolUse")).hasSize(1);
  }

  @Test
  void settingsAfterTheEndOfOptionsAreNotOurs() {
    LaunchPlan plan = claude.plan(context, List.of("--", "--settings", "x"));
    assertThat(plan.args().subList(2, plan.args().size())).containsExactly("--", "--settings", "x");
    assertThat(claude.plan(context, List.of("-p", "--settings")).args()).endsWith("--settings");
  }

  @Test
  void settingsThatCannotBeUsedSayWhy() throws IOException {
    Files.writeString(home.resolve("broken.json"), "{\n \"a\": }");
    Files.writeString(home.resolve("list.json"), "[]");
    assertThat(refusal("broken.json")).contains("broken.json", "line 2");
    assertThat(refusal("list.json")).contains("not a JSON object");
    assertThat(refusal("missing.json")).contains("missing.json", "cannot be read");
    assertThat(refusal("{oops")).contains("line 1").doesNotContain("oops");
  }

  @Test
  void withoutTheProgramALaunchSaysHowToGetIt() {
    AgentContext none =
        new AgentContext(
            context.folders(),
            env,
            "0.1.0",
            context.ucode(),
            null,
            context.workspace(),
            context.signIn(),
            context.tokenInterval(),
            context.models(),
            null,
            Tracing.OFF);
    var refusal = catchThrowableOfType(UserException.class, () -> claude.plan(none, List.of()));
    assertThat(refusal.problem().fix()).containsExactly("npm install -g @anthropic-ai/claude-code");
  }

  @Test
  void aTrialIsNotTraced() {
    Agent.Trial trial = claude.trial(context, "say hi");
    assertThat(trial.command()).contains("--no-session-persistence", "-p", "say hi");
    assertThat(parse(content(trial.files())).get("hooks")).isNull();
  }

  @Test
  void anEnvironmentSignInLeavesTheProfileOut() {
    AgentContext variable =
        new AgentContext(
            context.folders(),
            env,
            "0.1.0",
            context.ucode(),
            null,
            context.workspace(),
            new SignIn.EnvironmentVariable("DATABRICKS_BEARER"),
            Duration.ofSeconds(20),
            context.models(),
            null,
            Tracing.OFF);
    Json settings = settings(variable);
    assertThat(settings.text("apiKeyHelper")).endsWith("auth-token --host https://a.test");
    assertThat(env(settings))
        .containsEntry("CLAUDE_CODE_API_KEY_HELPER_TTL_MS", "20000")
        .extractingByKey("ANTHROPIC_CUSTOM_HEADERS")
        .asString()
        .endsWith("claude/unknown");
  }

  private String refusal(String settings) {
    var problem =
        catchThrowableOfType(
                UserException.class, () -> claude.plan(context, List.of("--settings", settings)))
            .problem();
    return problem.what() + " " + problem.why();
  }

  private Json settings(AgentContext of) {
    return parse(content(claude.configure(of)));
  }

  private static String content(ChangeSet changes) {
    return ((FileEdit.Own) changes.edits().getFirst()).content();
  }

  private static Json member(Json json, String name) {
    return Objects.requireNonNull(json.get(name), name);
  }

  private static Json hook(Json hooks, String event) {
    return hooks.items(event).getFirst().items("hooks").getFirst();
  }

  private static Map<String, String> env(Json settings) {
    var values = new HashMap<String, String>();
    ((Json.Obj) member(settings, "env"))
        .members()
        .forEach((name, value) -> values.put(name, value.asText()));
    return values;
  }

  private static Json parse(String text) {
    try {
      return JsonReader.parse(text);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(text, e);
    }
  }
}
