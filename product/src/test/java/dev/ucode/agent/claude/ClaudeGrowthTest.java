package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.trace.Span;
import dev.ucode.trace.SpanId;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * A session that is read while it grows, cut anywhere, becomes the same spans as one that is read
 * when it is over; and what was read once is never given again.
 */
class ClaudeGrowthTest {
  private static final List<Path> SCENARIOS = scenarios();

  @Property(tries = 60)
  void growingAndWholeAreTheSame(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path scenario = SCENARIOS.get(random.nextInt(SCENARIOS.size()));
    Map<TraceId, Map<SpanId, Span>> whole = whole(scenario);
    Path folder = Files.createTempDirectory("growth");
    try {
      assertThat(grown(scenario, folder, random)).as(scenario + " " + seed).isEqualTo(whole);
    } finally {
      delete(folder);
    }
  }

  private static Map<TraceId, Map<SpanId, Span>> whole(Path scenario) throws IOException {
    Recorded.Ledger ledger = new Recorded.Ledger();
    for (Path file : Recorded.mainFiles(scenario)) {
      Recorded.read(Recorded.session(file), Cursor.START, Closing.ENDED, ledger);
    }
    return spans(ledger.updates);
  }

  /** Lets the session's files grow as they did, and reads after each growth. */
  private static Map<TraceId, Map<SpanId, Span>> grown(Path scenario, Path folder, Random random)
      throws IOException {
    Recorded.Ledger ledger = new Recorded.Ledger();
    for (Path file : Recorded.mainFiles(scenario)) {
      byte[] bytes = Files.readAllBytes(file);
      Path copy = folder.resolve(file.getFileName());
      SessionFile session = Recorded.session(copy);
      Cursor cursor = Cursor.START;
      int length = 0;
      while (length < bytes.length) {
        int most = random.nextInt(10) == 0 ? bytes.length : 4000;
        length = Math.min(bytes.length, length + 1 + random.nextInt(most));
        Files.write(copy, Arrays.copyOf(bytes, length));
        growAgents(file, copy, lastTime(bytes, length), length == bytes.length);
        Reading reading = Recorded.read(session, cursor, Closing.OPEN, ledger);
        assertThat(reading.next().offset()).isBetween(cursor.offset(), (long) length);
        assertThat(reading.lateRecords()).isZero();
        cursor = again(reading.next());
      }
      cursor = again(Recorded.read(session, cursor, Closing.ENDED, ledger).next());
      int all = ledger.updates.size();
      Recorded.read(session, cursor, Closing.ENDED, ledger);
      assertThat(ledger.updates).as("nothing new, nothing again").hasSize(all);
      Recorded.read(session, Cursor.START, Closing.ENDED, ledger);
      assertThat(spans(ledger.updates)).isNotEmpty(); // fails where a span came twice
    }
    return spans(ledger.updates);
  }

  /** A cursor as it comes out of the store. */
  private static Cursor again(Cursor cursor) throws IOException {
    var memory = JsonReader.parse(cursor.memory().write());
    return new Cursor(cursor.offset(), (Json.Obj) memory);
  }

  private static String lastTime(byte[] bytes, int length) throws IOException {
    String last = "";
    for (String line : new String(bytes, 0, length, StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.endsWith("}")) {
        try {
          last = JsonReader.parse(line).text("timestamp", last);
        } catch (IOException cutOff) {
          return last;
        }
      }
    }
    return last;
  }

  /** Gives each agent's file the records that were written by then. */
  private static void growAgents(Path file, Path copy, String time, boolean all)
      throws IOException {
    String stem = file.getFileName().toString().replace(".jsonl", "");
    Path agents = file.resolveSibling(stem).resolve("subagents");
    if (!Files.isDirectory(agents)) {
      return;
    }
    Path copies = copy.resolveSibling(stem).resolve("subagents");
    Files.createDirectories(copies);
    try (Stream<Path> files = Files.list(agents)) {
      for (Path agent : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        List<String> written = new ArrayList<>();
        List<String> lines = Files.readAllLines(agent);
        for (String line : lines) {
          if (all || JsonReader.parse(line).text("timestamp", "").compareTo(time) <= 0) {
            written.add(line);
          }
        }
        if (written.isEmpty()) {
          continue;
        }
        Files.write(copies.resolve(agent.getFileName()), written);
        Path meta =
            agent.resolveSibling(agent.getFileName().toString().replace(".jsonl", ".meta.json"));
        String text = Files.readString(meta);
        Files.writeString(
            copies.resolve(meta.getFileName()),
            written.size() == lines.size() ? text : text.replace(",\"finished\":true", ""));
      }
    }
  }

  private static Map<TraceId, Map<SpanId, Span>> spans(List<TraceUpdate> updates) {
    Map<TraceId, Map<SpanId, Span>> all = new TreeMap<>((a, b) -> a.hex().compareTo(b.hex()));
    for (TraceUpdate update : updates) {
      List<Span> spans =
          switch (update) {
            case TraceUpdate.Closed(Trace trace) -> trace.spans();
            case TraceUpdate.Late late -> late.spans();
          };
      for (Span span : spans) {
        Span other =
            all.computeIfAbsent(update.traceId(), id -> new LinkedHashMap<>()).put(span.id(), span);
        assertThat(other).as("span twice").isNull();
      }
    }
    return all;
  }

  private static List<Path> scenarios() {
    try {
      return Recorded.scenarios();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
