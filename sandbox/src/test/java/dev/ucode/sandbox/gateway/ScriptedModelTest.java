package dev.ucode.sandbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.sandbox.gateway.Move.Answer;
import dev.ucode.sandbox.gateway.Move.Content;
import dev.ucode.sandbox.gateway.Move.Refusal;
import dev.ucode.sandbox.gateway.Move.Usage;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {
  private final ScriptedModel model = new ScriptedModel();

  @Test
  void theIndexNamesEveryScenarioFile() throws IOException {
    Path folder = Path.of("src/main/resources/dev/ucode/sandbox/gateway/scenarios");
    List<String> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      found
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .forEach(files::add);
    }
    assertThat(Files.readAllLines(folder.resolve("index.txt"))).isEqualTo(files);
  }

  @Test
  void everyScenarioAnswersEveryStep() throws BadRequest {
    for (String scenario : model.scenarios()) {
      RequestBuilder builder = new RequestBuilder().claudeTools().user("SCN:" + scenario);
      for (int step = 0; step < 6; step++) {
        Move move = move(builder);
        if (move instanceof Answer answer) {
          assertThat(answer.content()).as(scenario).isNotEmpty();
          assertThat(answer.usage().output()).as(scenario).isGreaterThanOrEqualTo(40);
        }
        builder.assistant("answer " + step).toolResult("result " + step, false);
      }
    }
  }

  @Test
  void toolsRunsThreeToolsAndSumsUpWithTheUsageOfEachStep() throws BadRequest {
    RequestBuilder builder =
        new RequestBuilder()
            .claudeTools()
            .user("SCN:tools please")
            .system("Primary working directory: /w");

    Answer first = answer(builder);
    assertThat(tool(first, 1).name()).isEqualTo("Bash");
    assertThat(tool(first, 1).input().path("command").asText()).isEqualTo("echo hello");
    assertThat(first.stopReason()).isEqualTo("tool_use");
    assertThat(first.usage()).isEqualTo(new Usage(1200, 9000, 0, 50));

    Answer second = answer(builder.assistant("1").toolResult("hello", false));
    assertThat(tool(second, 1).input().toString())
        .isEqualTo("{\"file_path\":\"/w/out.txt\",\"content\":\"line one\\nline two\\n\"}");
    assertThat(second.usage()).isEqualTo(new Usage(1300, 600, 9500, 50));

    Answer third = answer(builder.assistant("2").toolResult("created", false));
    assertThat(tool(third, 1).name()).isEqualTo("Edit");

    Answer last = answer(builder.assistant("3").toolResult("updated", false));
    assertThat(last.stopReason()).isEqualTo("end_turn");
    assertThat(last.usage()).isEqualTo(new Usage(1500, 600, 10500, 40));
  }

  @Test
  void silentUsesAToolWithoutAWord() throws BadRequest {
    Answer answer = answer(new RequestBuilder().claudeTools().user("SCN:silent"));
    assertThat(answer.content()).hasSize(1);
    assertThat(tool(answer, 0).name()).isEqualTo("Bash");
  }

  @Test
  void theSameScriptSpeaksToOtherAgentsTools() throws BadRequest {
    RequestBuilder openCode =
        new RequestBuilder()
            .tool("bash", "command", "description")
            .tool("write", "filePath", "content")
            .user("SCN:tools");
    assertThat(tool(answer(openCode), 1).name()).isEqualTo("bash");
    Answer second = answer(openCode.assistant("1").toolResult("hello", false));
    assertThat(tool(second, 1).input().path("filePath").asText()).isEqualTo("out.txt");

    RequestBuilder gemini =
        new RequestBuilder().tool("run_shell_command", "command").user("SCN:tools");
    assertThat(tool(answer(gemini), 1).input().toString())
        .isEqualTo("{\"command\":\"echo hello\"}");
  }

  @Test
  void withoutTheToolItSaysSoInsteadOfPretending() throws BadRequest {
    Answer answer = answer(new RequestBuilder().tool("Read", "file_path").user("SCN:todo"));
    assertThat(answer.stopReason()).isEqualTo("end_turn");
    assertThat(answer.content()).hasSize(1);
    assertThat(text(answer, 0)).contains("'todo'").contains("Read");
  }

  @Test
  void flakyFailsTwiceForEachSession() throws BadRequest {
    RequestBuilder builder = new RequestBuilder().claudeTools().user("SCN:flaky");
    assertThat(move(builder)).isInstanceOf(Refusal.class);
    assertThat(move(builder)).isInstanceOf(Refusal.class);
    assertThat(move(builder)).isInstanceOf(Answer.class);
    assertThat(model.move(builder.request(), builder.conversation(), "another session"))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void anOrdinaryPromptIsLookedIntoAndSummedUpFromTheRealOutput() throws BadRequest {
    RequestBuilder builder =
        new RequestBuilder().claudeTools().user("Which commits were made lately?");
    assertThat(tool(answer(builder), 1).input().path("command").asText())
        .isEqualTo("git log --oneline -n 10");

    Answer summary =
        answer(builder.assistant("1").toolResult("abc123 First\ndef456 Second\n", false));
    assertThat(summary.stopReason()).isEqualTo("end_turn");
    assertThat(text(summary, 0)).contains("printed 2 lines").contains("abc123 First");
  }

  @Test
  void anOrdinaryPromptOwnsUpToAFailure() throws BadRequest {
    RequestBuilder builder = new RequestBuilder().claudeTools().user("list the branches");
    Answer summary = answer(builder.assistant("1").toolResult("Exit code 128\nfatal: no", true));
    assertThat(text(summary, 0)).startsWith("The command failed").contains("fatal: no");
  }

  @Test
  void aFileInThePromptIsReadAndCannotBeAnotherCommand() throws BadRequest {
    Answer answer =
        answer(new RequestBuilder().claudeTools().user("explain src/main.py; rm -rf x.y$(id)"));
    assertThat(tool(answer, 1).input().path("command").asText())
        .isEqualTo("head -n 40 ./src/main.py");
    Answer hostile = answer(new RequestBuilder().claudeTools().user("explain $(id).sh"));
    assertThat(tool(hostile, 1).input().path("command").asText()).doesNotContain("$(");
  }

  @Test
  void theDemoWorksWithSubagentsInFrontAndInTheBackground() throws BadRequest {
    RequestBuilder builder = new RequestBuilder().claudeTools().user("SCN:demo");
    assertThat(tool(answer(builder), 2).name()).isEqualTo("Write");
    builder.assistant("1").toolResult("created", false);
    assertThat(tool(answer(builder), 1).name()).isEqualTo("Bash");
    builder.assistant("2").toolResult("2 3 5 7", false);
    Answer third = answer(builder);
    assertThat(text(third, 0)).contains("2 3 5 7");
    assertThat(tool(third, 1).name()).isEqualTo("Agent");
    assertThat(tool(third, 1).input().path("prompt").asText()).contains("SCN:demo-check");
    builder.assistant("3");

    Answer launched =
        answer(
            builder.toolResult(
                "Async agent launched successfully. The agent is working in the background.",
                false));
    assertThat(text(launched, 0)).contains("in the background");
    assertThat(launched.stopReason()).isEqualTo("end_turn");
    builder
        .assistant("4")
        .user(
            "<task-notification><result>Counted independently: 15 primes below 50.</result>"
                + "</task-notification>");
    assertThat(text(answer(builder), 0)).contains("15 primes below 50");

    RequestBuilder inFront =
        new RequestBuilder()
            .claudeTools()
            .user("SCN:demo")
            .assistant("1")
            .assistant("2")
            .assistant("3")
            .toolResult("Counted independently: 15 primes below 50.", false);
    assertThat(text(answer(inFront), 0)).contains("15 primes below 50");
  }

  @Test
  void theDemosSubagentReportsWhatItsToolSaid() throws BadRequest {
    Answer answer =
        answer(
            new RequestBuilder()
                .claudeTools()
                .user("SCN:demo-check Count")
                .assistant("1")
                .toolResult("15\n", false));
    assertThat(text(answer, 0)).isEqualTo("Counted independently: 15 primes below 50.");
  }

  @Test
  void theAgentsOwnErrandsDoNotRunAScenario() throws BadRequest {
    Answer title =
        answer(new RequestBuilder().user("<session>SCN:tools please</session>").jsonWanted());
    assertThat(Json.parse(text(title, 0)).path("title").asText()).isEqualTo("SCN:tools please");

    Answer summary =
        answer(
            new RequestBuilder()
                .claudeTools()
                .user("SCN:tools please")
                .assistant("done")
                .user(
                    "CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\n"
                        + "Your task is to create a detailed summary of the conversation so far")
                .system("a reminder may come after it"));
    assertThat(summary.stopReason()).isEqualTo("end_turn");
    assertThat(text(summary, 0)).contains("<summary>").contains("4 messages");
  }

  @Test
  void anUnknownScenarioNamesTheKnownOnes() throws BadRequest {
    assertThat(text(answer(new RequestBuilder().user("SCN:nope")), 0))
        .contains("'nope'")
        .contains("flaky");
  }

  @Test
  void aTypingErrorInAScenarioFileIsFound() {
    assertThatThrownBy(
            () ->
                new ScriptedScenario(
                    "x", Json.parse("{\"about\":\"a\",\"steps\":[{\"says\":\"b\"}]}")))
        .hasMessageContaining("'says'");
  }

  private Move move(RequestBuilder builder) throws BadRequest {
    return model.move(builder.request(), builder.conversation(), "session");
  }

  private Answer answer(RequestBuilder builder) throws BadRequest {
    assertThat(move(builder)).isInstanceOf(Answer.class);
    return (Answer) move(builder);
  }

  private static Content.ToolUse tool(Answer answer, int at) {
    return (Content.ToolUse) answer.content().get(at);
  }

  private static String text(Answer answer, int at) {
    return ((Content.Text) answer.content().get(at)).text();
  }
}
