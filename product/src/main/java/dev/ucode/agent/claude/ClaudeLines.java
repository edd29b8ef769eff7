package dev.ucode.agent.claude;

import dev.ucode.json.JsonReader;
import dev.ucode.json.Projection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From the bytes of a transcript line to the records on it. Most bytes of a transcript are request
 * bodies, progress reports and file snapshots that no span is made of: such lines are known by
 * their first bytes and not parsed, and what else is not needed is left out of the tree.
 */
final class ClaudeLines {
  /** Record types that say nothing about a turn. */
  static final Set<String> PASSED_OVER =
      Set.of(
          "agent-color",
          "agent-name",
          "agent-setting",
          "ai-title",
          "api-request-blob",
          "api-request-shape",
          "atis-latch",
          "attribution-snapshot",
          "content-replacement",
          "custom-title",
          "file-history-delta",
          "file-history-snapshot",
          "last-prompt",
          "mode",
          "permission-mode",
          "pr-link",
          "progress",
          "speculation-accept",
          "summary",
          "tag",
          "tools-used",
          "worktree-state");

  private static final byte[] TYPE = bytes("\"type\":\"");
  private static final byte[] SNAPSHOT = bytes("\"attachment\":{\"type\":\"prompt_snapshot\"");

  /** How far into a line its type is looked for; longer heads are parsed as everything else is. */
  private static final int HEAD = 600;

  /** Where a record begins after something broken on the same line. */
  private static final List<byte[]> BEGINNINGS =
      List.of(bytes("{\"parentUuid\":"), bytes("{\"type\":\""));

  private static final Projection SOURCE = Projection.only("type", "media_type", "url");
  private static final Projection BLOCK =
      Projection.allBut(
          Map.of(
              "signature",
              Projection.NONE,
              "cache_control",
              Projection.NONE,
              "source",
              SOURCE,
              "content",
              Projection.allBut(Map.of("source", SOURCE))));

  static final Projection RECORD =
      Projection.allBut(
          Map.of(
              "message",
              Projection.allBut(
                  Map.of(
                      "content",
                      BLOCK,
                      "usage",
                      Projection.only(
                          "input_tokens",
                          "output_tokens",
                          "cache_read_input_tokens",
                          "cache_creation_input_tokens",
                          "output_tokens_details"))),
              "toolUseResult",
              Projection.only(
                  "agentId",
                  "backgroundTaskId",
                  "isAsync",
                  "persistedOutputPath",
                  "persistedOutputSize",
                  "resumedAgentId",
                  "status"),
              "params",
              Projection.only("model"),
              "snapshot",
              Projection.NONE,
              "data",
              Projection.NONE,
              "todos",
              Projection.NONE,
              "planContent",
              Projection.NONE,
              "tail",
              Projection.NONE,
              "cacheControl",
              Projection.NONE,
              "attachment",
              Projection.allBut(
                  Map.of("systemPrompt", Projection.NONE, "tools", Projection.NONE))));

  private static final JsonReader.Line NOTHING = new JsonReader.Line(List.of(), true);

  private ClaudeLines() {}

  /**
   * The records of a line that may matter; {@code intact} is false where some of it is not JSON.
   */
  static JsonReader.Line read(byte[] bytes, int start, int length) {
    int end = start + length;
    while (start < end && (bytes[start] == 0 || bytes[start] == ' ' || bytes[start] == '\r')) {
      start++; // a file system that lost power leaves NULs
    }
    if (start == end || (passedOver(bytes, start, end) && !two(bytes, start, end))) {
      return NOTHING;
    }
    JsonReader.Line line = JsonReader.parseLine(bytes, start, end - start, RECORD);
    return line.intact() ? line : recover(line, bytes, start, end);
  }

  private static boolean passedOver(byte[] bytes, int start, int end) {
    int stop = Math.min(end, start + HEAD);
    if (bytes[start] != '{') {
      return false;
    }
    for (int i = start + 1; i < stop; i++) {
      byte b = bytes[i];
      if (b == '"' && startsWith(bytes, i, stop, TYPE)) {
        int from = i + TYPE.length;
        int to = from;
        while (to < stop && bytes[to] != '"') {
          to++;
        }
        return PASSED_OVER.contains(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
      }
      if (b == '{') { // a nested object: its type is not the record's
        int key = i - "\"attachment\":".length();
        return key > start && startsWith(bytes, key, stop, SNAPSHOT);
      }
    }
    return false;
  }

  /** Whether a second record may follow on the line; the same bytes within a string do no harm. */
  private static boolean two(byte[] bytes, int start, int end) {
    for (int i = start; i + 1 < end; i++) {
      if (bytes[i] == '}' && bytes[i + 1] == '{') {
        return true;
      }
    }
    return false;
  }

  /** Looks behind what is broken for a record that is whole. */
  private static JsonReader.Line recover(JsonReader.Line broken, byte[] bytes, int start, int end) {
    if (broken.values().isEmpty()) {
      // Bytes that are not UTF-8 are replaced, so that one of them does not cost the record.
      byte[] clean =
          new String(bytes, start, end - start, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      JsonReader.Line line = JsonReader.parseLine(clean, 0, clean.length, RECORD);
      if (line.intact()) {
        return line;
      }
    }
    for (int i = start + 1; i < end; i++) {
      if (bytes[i] == '{' && begins(bytes, i, end)) {
        JsonReader.Line rest = JsonReader.parseLine(bytes, i, end - i, RECORD);
        if (rest.intact()) {
          return new JsonReader.Line(rest.values(), false);
        }
      }
    }
    return broken;
  }

  private static boolean begins(byte[] bytes, int at, int end) {
    for (byte[] beginning : BEGINNINGS) {
      if (startsWith(bytes, at, end, beginning)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] bytes, int at, int end, byte[] what) {
    if (at + what.length > end) {
      return false;
    }
    for (int i = 0; i < what.length; i++) {
      if (bytes[at + i] != what[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
