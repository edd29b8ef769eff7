package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One block that MLflow's chat view does not know makes it show nothing of a conversation. */
class ClaudeContentTest {
  @Test
  void knownBlocksStayAndLoseOnlyWhatTheViewDoesNotTake() throws IOException {
    assertThat(
            shown(
                """
                [{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
                 {"type":"thinking","thinking":"b","signature":"s"},
                 {"type":"tool_use","id":"t","name":"Bash","input":{"x":1},"caller":{}},
                 {"type":"tool_result","tool_use_id":"t","content":"c","is_error":true}]\
                """))
        .isEqualTo(
            """
            [{"type":"text","text":"a"},{"type":"thinking","thinking":"b"},\
            {"type":"tool_use","id":"t","name":"Bash","input":{"x":1}},\
            {"type":"tool_result","tool_use_id":"t","content":"c","is_error":true}]\
            """);
  }

  @Test
  void aToolResultIsOneString() throws IOException {
    assertThat(
            shown(
                """
                [{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a"},
                 {"type":"text","text":"b"},{"type":"image","source":{"type":"base64",
                 "media_type":"image/png"}}]},{"type":"tool_result","tool_use_id":"u"}]\
                """))
        .isEqualTo(
            """
            [{"type":"tool_result","tool_use_id":"t","content":"a\\nb\\n[image image/png]"},\
            {"type":"tool_result","tool_use_id":"u","content":""}]\
            """);
  }

  @Test
  void whatTheViewDoesNotKnowBecomesText() throws IOException {
    assertThat(
            shown(
                """
                [{"type":"image","source":{"type":"base64","media_type":"image/png"}},
                 {"type":"document","title":"plan.pdf","source":{"type":"base64"}},
                 {"type":"redacted_thinking","data":"x"},
                 {"type":"web_search_tool_result","content":[]},7]\
                """))
        .isEqualTo(
            """
            [{"type":"text","text":"[image image/png]"},{"type":"text","text":"[document plan.pdf]"},\
            {"type":"text","text":"[redacted thinking]"},\
            {"type":"text","text":"{\\"type\\":\\"web_search_tool_result\\",\\"content\\":[]}"},\
            {"type":"text","text":"7"}]\
            """);
  }

  @Test
  void aResultKeepsItsFormButForImageData() throws IOException {
    Json result =
        JsonReader.parse(
            """
            [{"type":"text","text":"a"},{"type":"image","source":{"type":"url","url":"http://x/y"}}]\
            """);
    assertThat(ClaudeContent.result(result).write())
        .isEqualTo(
            "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"[image"
                + " http://x/y]\"}]");
    assertThat(ClaudeContent.result(Json.of("s"))).isEqualTo(Json.of("s"));
    assertThat(ClaudeContent.result(null)).isEqualTo(Json.Null.NULL);
  }

  private static String shown(String blocks) throws IOException {
    Json.Obj message = ClaudeContent.user(JsonReader.parse(blocks));
    return String.valueOf(message.get("content") instanceof Json.Arr a ? a.write() : null);
  }
}
