package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaudeLinesTest {
  private static final String USER =
      "{\"parentUuid\":null,\"type\":\"user\",\"uuid\":\"u1\",\"message\":{\"content\":\"hi\"}}";

  @Test
  void whatSaysNothingOfATurnIsNotParsed() {
    assertThat(read("{\"type\":\"api-request-blob\",\"hash\":\"x\",\"blob\":{not json").values())
        .isEmpty();
    assertThat(read("{\"parentUuid\":null,\"slug\":\"a\",\"type\":\"progress\",\"data\":").intact())
        .as("passed over without being parsed")
        .isTrue();
    assertThat(
            read("{\"parentUuid\":\"x\",\"attachment\":{\"type\":\"prompt_snapshot\",\"x\":")
                .intact())
        .isTrue();
  }

  @Test
  void aTypeWithinTheRecordIsNotItsType() {
    String line =
        "{\"parentUuid\":null,\"message\":{\"type\":\"progress\",\"content\":\"x\"},\"type\":\"user\"}";
    assertThat(read(line).values()).hasSize(1);
    String attachment = "{\"attachment\":{\"type\":\"file\"},\"type\":\"attachment\"}";
    assertThat(read(attachment).values()).hasSize(1);
  }

  @Test
  void twoRecordsOnALineAreTwoAlsoAfterOneThatIsPassedOver() {
    assertThat(texts(read(USER + USER))).containsExactly("u1", "u1");
    assertThat(texts(read("{\"type\":\"mode\",\"mode\":\"normal\"}" + USER))).contains("u1");
  }

  @Test
  void aRecordBehindHalfOfAnotherIsFound() {
    JsonReader.Line line = read("{\"parentUuid\":null,\"type\":\"assis" + USER);
    assertThat(texts(line)).containsExactly("u1");
    assertThat(line.intact()).as("something was lost, and is counted").isFalse();
    assertThat(read("{\"parentUuid\":null,\"type\":\"user\"").values()).isEmpty();
    assertThat(read("nonsense").intact()).isFalse();
  }

  @Test
  void nulsOfALostPowerAreNoHindrance() {
    assertThat(texts(read("\0\0\0" + USER))).containsExactly("u1");
    assertThat(read("\0\0\0").intact()).isTrue();
    assertThat(read("").values()).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8CostTheirCharacterAlone() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(USER.substring(0, USER.indexOf("hi")).getBytes(StandardCharsets.UTF_8));
    bytes.write(0xff);
    bytes.write(USER.substring(USER.indexOf("hi")).getBytes(StandardCharsets.UTF_8));
    JsonReader.Line line = ClaudeLines.read(bytes.toByteArray(), 0, bytes.size());
    assertThat(line.values().getFirst().get("message")).isNotNull();
    assertThat(line.values().getFirst().write()).contains("\uFFFDhi");
  }

  @Test
  void whatNoSpanNeedsIsLeftOut() {
    String line =
        """
        {"type":"user","toolUseResult":{"stdout":"long","agentId":"a1"},"message":{"content":[\
        {"type":"thinking","thinking":"t","signature":"long"},\
        {"type":"tool_use","input":{"signature":"kept","content":{"source":"kept"}}}]}}\
        """;
    String read = read(line).values().getFirst().write();
    assertThat(read)
        .contains("\"agentId\":\"a1\"", "\"signature\":\"kept\"", "\"source\":\"kept\"");
    assertThat(read).doesNotContain("long");
  }

  private static JsonReader.Line read(String line) {
    byte[] bytes = ("xx" + line + "yy").getBytes(StandardCharsets.UTF_8);
    return ClaudeLines.read(bytes, 2, bytes.length - 4);
  }

  private static List<String> texts(JsonReader.Line line) {
    return line.values().stream().map(record -> record.text("uuid", "-")).toList();
  }
}
