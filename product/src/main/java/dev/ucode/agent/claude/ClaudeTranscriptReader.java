package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.name.AgentId;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.GitFacts;
import dev.ucode.transcript.Known;
import dev.ucode.transcript.LineReader;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import dev.ucode.transcript.Style;
import dev.ucode.transcript.TranscriptReader;
import dev.ucode.transcript.TurnAssembler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions of Claude Code: {@code projects/<folder>/<session>.jsonl} and the subagents' files
 * beside it (versions 1.0 to 2.1.330 were seen).
 */
public final class ClaudeTranscriptReader implements TranscriptReader {
  /** Bytes that one reading takes, unless a single turn is larger. */
  private static final long PART = 16 << 20;

  /** Bytes at the file's start that tell whether it is still the same file. */
  private static final int HEAD = 512;

  private static final Style STYLE =
      new Style(
          AgentId.CLAUDE,
          "claude_code_conversation",
          "mlflow.claude_code_version",
          "anthropic",
          "anthropic",
          ClaudeContent::text);

  private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*");

  @Override
  public Reading read(SessionFile session, Cursor from, Closing closing, Known known)
      throws IOException {
    Path file = session.transcript();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Json memory = from.memory();
      long offset = from.offset();
      if (channel.size() < offset || !sameStart(channel, memory)) {
        memory = Cursor.START.memory();
        offset = 0;
      }
      if (offset == 0 && memory.get("turns") == null) {
        offset = FirstSight.offset(file, channel.size(), session.firstSeen());
        memory = offset == 0 ? memory : Json.object().put("turns", TurnAssembler.LATER).build();
      }
      return read(session, channel, offset, memory, closing, known);
    } catch (NoSuchFileException notYet) {
      return new Reading(List.of(), from, false, 0, "", Map.of(), 0, 0, 0, false);
    }
  }

  private static Reading read(
      SessionFile session,
      FileChannel channel,
      long offset,
      Json memory,
      Closing closing,
      Known known)
      throws IOException {
    String id = session.session().value();
    Path file = session.transcript();
    Json turns = memory.get("turns");
    TurnAssembler assembler =
        new TurnAssembler(
            STYLE,
            session,
            known,
            new ClaudeSubagents(id, file),
            new GitFacts(),
            turns == null ? Json.object().build() : turns,
            offset);
    ClaudeRecords records = new ClaudeRecords(id, false);
    records.remember(orEmpty(memory.get("records")));
    long counted = memory.number("counted", 0); // what lies before was counted by another reading
    int unreadable = 0;
    boolean more = false;
    long position = offset;
    Map<String, Integer> unknown = new TreeMap<>();
    try (LineReader lines = new LineReader(file, offset)) {
      while (lines.next() || (closing == Closing.ENDED && wholeRest(lines))) {
        long line = lines.lineOffset();
        if (line - offset >= PART && assembler.rest() >= line) {
          more = true;
          break;
        }
        JsonReader.Line read =
            lines.tooLong()
                ? new JsonReader.Line(List.of(), false)
                : ClaudeLines.read(lines.bytes(), lines.start(), lines.length());
        for (Json record : read.values()) {
          String name =
              record instanceof Json.Obj
                  ? records.accept(record, (e, chain) -> assembler.accept(e, chain, line))
                  : "?";
          if (name != null && line >= counted) {
            unknown.merge(name, 1, Integer::sum);
          }
        }
        if (!read.intact() && line >= counted) {
          unreadable++;
        }
        position = lines.nextOffset();
        assembler.lineDone(position);
      }
    }
    if (!more) {
      assembler.endOfFile(closing, endsRecorded(records, assembler));
    }
    Json.Obj head = head(channel);
    Json.Obj next =
        Json.object()
            .put("head", head)
            .put("counted", Math.max(counted, position))
            .put("records", records.memory())
            .put("turns", assembler.memory())
            .build();
    return new Reading(
        assembler.updates(),
        new Cursor(assembler.rest(), next),
        assembler.turnOpen(),
        assembler.agentsRunning(),
        records.version(),
        unknown,
        unreadable,
        assembler.lateRecords(),
        assembler.skippedTurns(),
        more);
  }

  /** Whether the file's last line lacks nothing but its newline. */
  private static boolean wholeRest(LineReader lines) {
    return lines.rest() && ClaudeLines.read(lines.bytes(), lines.start(), lines.length()).intact();
  }

  /**
   * Whether this version writes a record when a turn is over. With a Stop hook the terminal has
   * done so since 2.1.4 at least; without a terminal it was first seen in 2.1.205 (2.1.197 does
   * not).
   */
  private static boolean endsRecorded(ClaudeRecords records, TurnAssembler assembler) {
    boolean terminal = !records.entrypoint().startsWith("sdk");
    return assembler.turnEndsRecorded()
        || atLeast(records.version(), terminal ? new int[] {2, 1, 4} : new int[] {2, 1, 205});
  }

  private static boolean atLeast(String version, int[] wanted) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      int part = Integer.parseInt(parts.group(i + 1));
      if (part != wanted[i]) {
        return part > wanted[i];
      }
    }
    return true;
  }

  private static boolean sameStart(FileChannel channel, Json memory) throws IOException {
    Json head = memory.get("head");
    if (head == null) {
      return true;
    }
    int length = (int) Math.min(HEAD, head.number("length", 0));
    return hash(channel, length).equals(head.text("hash", ""));
  }

  private static Json.Obj head(FileChannel channel) throws IOException {
    int length = (int) Math.min(HEAD, channel.size());
    return Json.object().put("length", length).put("hash", hash(channel, length)).build();
  }

  private static String hash(FileChannel channel, int length) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(length);
    while (start.hasRemaining() && channel.read(start, start.position()) > 0) {
      // Until it is full or the file ends.
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(start.flip());
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Json orEmpty(@Nullable Json json) {
    return json == null ? Json.Null.NULL : json;
  }
}
