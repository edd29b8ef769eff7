package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headless sessions of one version of Claude Code, each judged by what landed in the table. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClaudeScenarios {
  private static final String ONE_CALL =
      """
      claude_code_conversation
        llm 1200/40
      """;

  /** What all versions make of a scenario. */
  private static final Map<String, String> TREES =
      Map.ofEntries(
          Map.entry("simple", ONE_CALL),
          Map.entry("think", ONE_CALL),
          Map.entry(
              "unicode",
              """
              claude_code_conversation
                llm 1200/50
                tool_Bash
                llm 1300/40
              """),
          Map.entry(
              "flaky",
              """
              claude_code_conversation [api_retry, api_retry]
                llm 1200/40
              """),
          Map.entry(
              "tools",
              """
              claude_code_conversation
                llm 1200/50
                tool_Bash
                llm 1300/50
                tool_Write
                llm 1400/50
                tool_Edit
                llm 1500/40
              """),
          Map.entry(
              "parallel",
              """
              claude_code_conversation
                llm 1200/60
                tool_Bash
                tool_Bash
                llm 1300/40
              """),
          Map.entry(
              "toolfail",
              """
              claude_code_conversation
                llm 1200/50
                tool_Bash ERROR [exception]
                llm 1300/40
              """),
          Map.entry(
              "err400",
              """
              claude_code_conversation ERROR [exception]
                llm ERROR [exception]
              """),
          Map.entry(
              "err500",
              """
              claude_code_conversation ERROR [api_retry, api_retry, exception]
                llm ERROR [exception]
              """),
          Map.entry(
              "err529",
              """
              claude_code_conversation ERROR [api_retry, api_retry, exception]
                llm ERROR [exception]
              """),
          Map.entry(
              "errtools",
              """
              claude_code_conversation ERROR [exception]
                llm 1200/50
                tool_Bash
                llm ERROR [exception]
              """),
          Map.entry(
              "maxtok",
              """
              claude_code_conversation ERROR [api_error, exception]
                llm 1200/40
                llm 1300/40
                llm 1400/40
                llm 1500/40
              """));

  private final String version;
  private final Map<String, String> trees = new HashMap<>(TREES);

  @SuppressWarnings("NullAway.Init") // before all tests
  private World world;

  /**
   * @param own the trees that are this version's own
   */
  ClaudeScenarios(String version, Map<String, String> own) {
    this.version = version;
    trees.putAll(own);
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    world = World.start(folder, version, null);
    world.person().configured();
  }

  @AfterAll
  void stop() {
    world.close();
  }

  static String newSession() {
    return UUID.randomUUID().toString();
  }

  String tree(String name) {
    String tree = trees.get(name);
    if (tree == null) {
      throw new AssertionError("no expectation for " + name);
    }
    return tree;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simple",
        "think",
        "tools",
        "parallel",
        "toolfail",
        "sub",
        "sub2",
        "unicode",
        "flaky"
      })
  void aTurnLandsAsTheTreeThatIsExpected(String scenario) {
    String session = newSession();
    world.person().turn("SCN:" + scenario + " please", "--session-id", session).expect(0);
    assertThat(world.trees(session, tree(scenario))).isEqualTo(tree(scenario));
    whole(session);
  }

  @ParameterizedTest
  @ValueSource(strings = {"err400", "err500", "err529", "errtools", "maxtok"})
  void aTurnThatEndsInAnErrorLandsAsOne(String scenario) {
    String session = newSession();
    world.person().turn("SCN:" + scenario + " please", "--session-id", session).expect(1);
    assertThat(world.trees(session, tree(scenario))).isEqualTo(tree(scenario));
    whole(session);
  }

  @Test
  void resumeContinueAndForkSendEachTurnOnce() {
    String session = newSession();
    Person person = world.person();
    person.turn("SCN:tools first", "--session-id", session).expect(0);
    person.turn("SCN:simple second", "--resume", session).expect(0);
    assertThat(world.trees(session, tree("tools") + tree("simple")))
        .isEqualTo(tree("tools") + tree("simple"));
    long before = world.landed().rows();

    String fork =
        sessionOf(person.turn("SCN:think fork", "--resume", session, "--fork-session").expect(0));

    assertThat(fork).isNotEqualTo(session);
    assertThat(world.trees(fork, tree("think"))).isEqualTo(tree("think"));
    assertThat(world.traces(session)).hasSize(2);
    assertThat(world.landed().rows() - before).as("only the new turn's spans").isEqualTo(2);
    whole(session);
    whole(fork);
  }

  @Test
  void compactionIsNoTurnOfItsOwn() {
    String session = newSession();
    Person person = world.person();
    person.turn("SCN:tools first", "--session-id", session).expect(0);
    person.turn("/compact", "--resume", session).expect(0);
    person.turn("SCN:simple after", "--resume", session).expect(0);
    // What happens between two turns is an event of the next one.
    String after =
        tree("simple").replace("claude_code_conversation", "claude_code_conversation [compaction]");
    String expected = tree("tools") + after;
    assertThat(world.trees(session, expected)).isEqualTo(expected);
    whole(session);
  }

  @Test
  void anInterruptWhileTheModelAnswersLands() {
    String session = newSession();
    Program turn = world.person().claude("SCN:slow please", "--session-id", session);
    Until.holds("the answer streams", World.SOON, () -> transcriptHas(session, "SCN:slow"));
    turn.signal("INT");
    turn.ended(World.SOON);
    Landed.Trace trace = world.traces(session, 1).getFirst();
    assertThat(trace.info().toString()).contains("interrupted");
    whole(session);
  }

  @Test
  void anInterruptWhileAToolRunsLands() {
    String session = newSession();
    Program turn = world.person().claude("SCN:slowtool please", "--session-id", session);
    Until.holds("the tool runs", World.SOON, () -> transcriptHas(session, "tool_use"));
    turn.signal("INT");
    turn.ended(World.SOON);
    Landed.Trace trace = world.traces(session, 1).getFirst();
    assertThat(trace.info().toString()).contains("interrupted");
    assertThat(trace.named("tool_Bash")).hasSize(1);
    whole(session);
  }

  @Test
  void theEndSignalPassesThroughTheLauncher() {
    Program turn = world.person().claude("SCN:slowtool please", "--session-id", newSession());
    Until.holds("the agent runs", World.SOON, () -> turn.out().contains("tool_use"));
    turn.signal("TERM");
    assertThat(turn.ended(World.SOON).exit()).isEqualTo(143);
  }

  @Test
  void aKilledAgentsTurnIsFoundByTheSweep() throws IOException {
    String session = newSession();
    Program turn = world.person().claude("SCN:slowtool please", "--session-id", session);
    Until.holds("the tool runs", World.SOON, () -> transcriptHas(session, "tool_use"));
    turn.signal("KILL");
    assertThat(turn.ended(World.SOON).exit()).isEqualTo(137);
    // Nothing told us. The sweep believes it after ten minutes of quiet; the file's time says so.
    Files.setLastModifiedTime(
        transcript(session), FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
    world.person().ucode("status").expect(0);
    Landed.Trace trace = world.traces(session, 1).getFirst();
    assertThat(trace.named("tool_Bash")).hasSize(1);
    whole(session);
  }

  @Test
  void tenSessionsAtOnceLandOnceEach() {
    List<String> sessions = new ArrayList<>();
    List<Program> running = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sessions.add(newSession());
      running.add(
          world
              .person()
              .claudeIn(
                  world.person().work().resolve("ten-" + i),
                  "SCN:tools please",
                  "--session-id",
                  sessions.get(i)));
    }
    running.forEach(turn -> turn.ended(Duration.ofMinutes(3)).expect(0));
    for (String session : sessions) {
      assertThat(world.trees(session, tree("tools"))).isEqualTo(tree("tools"));
      whole(session);
    }
  }

  @Test
  void aPlainClaudeIsPrivate() {
    long before = world.landed().rows();
    String session = newSession();
    Person person = world.person();
    List<String> words = new ArrayList<>(List.of("claude", "-p", "SCN:simple plain"));
    words.addAll(List.of("--session-id", session, "--dangerously-skip-permissions"));
    words.addAll(List.of("--settings", gatewayOnly()));
    person.run(words).ended(World.SOON).expect(0);
    person.ucode("status").expect(0);
    String other = newSession();
    person.turn("SCN:simple please", "--session-id", other).expect(0);
    world.traces(other, 1);
    assertThat(world.traces(session)).isEmpty();
    assertThat(world.landed().rows() - before).isEqualTo(2);
  }

  /** Settings that reach the gateway by themselves, as a person's own would. */
  private String gatewayOnly() {
    return """
    {"env":{"ANTHROPIC_BASE_URL":"%s/ai-gateway/anthropic","ANTHROPIC_AUTH_TOKEN":"%s",\
    "ANTHROPIC_DEFAULT_OPUS_MODEL":"databricks-claude-opus-4-8"}}\
    """
        .formatted(world.sandbox().url(), world.sandbox().token());
  }

  /** What holds for every session: no span twice, parents there, tokens as the gateway counted. */
  private void whole(String session) {
    assertThat(world.landed().duplicates()).isEmpty();
    for (Landed.Trace trace : world.traces(session)) {
      Set<String> ids = new HashSet<>();
      trace.spans().forEach(span -> ids.add(span.id()));
      assertThat(world.landed().spanIds(trace.id())).containsExactlyInAnyOrderElementsOf(ids);
      for (Landed.Span span : trace.spans()) {
        assertThat(span.end()).isGreaterThanOrEqualTo(span.start());
        if (span.parent() != null) {
          assertThat(ids).contains(span.parent());
        }
      }
      assertThat(trace.metadata("mlflow.trace.user")).isNotEmpty();
      assertThat(trace.root().text("session.id")).isEqualTo(session);
    }
  }

  private Path transcript(String session) throws IOException {
    Path projects = world.person().home().resolve(".claude/projects");
    if (!Files.isDirectory(projects)) {
      return projects.resolve("none");
    }
    try (var files = Files.walk(projects, 2)) {
      return files
          .filter(file -> file.endsWith(session + ".jsonl"))
          .findFirst()
          .orElse(projects.resolve("none"));
    }
  }

  private boolean transcriptHas(String session, String text) {
    try {
      Path file = transcript(session);
      return Files.exists(file) && Files.readString(file).contains(text);
    } catch (IOException e) {
      return false; // being written
    }
  }

  private static String sessionOf(Program.Ended turn) {
    String out = turn.out();
    int at = out.indexOf("\"session_id\":\"") + "\"session_id\":\"".length();
    return out.substring(at, out.indexOf('"', at));
  }
}
