package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.trace.TraceId;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.Known;
import dev.ucode.transcript.Reading;
import dev.ucode.transcript.SessionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Recorded sessions, and reading them as the worker does. */
final class Recorded {
  /** Sessions of the real Claude Code against a scripted model, one folder per scenario. */
  static final Path SCENARIOS = Path.of("src/test/resources/claude");

  /** Sessions of other people, from public repositories; not part of this one. */
  static final Path TRANSCRIPTS = Path.of("../../shared/transcripts/claude");

  private Recorded() {}

  static List<Path> scenarios() throws IOException {
    try (Stream<Path> folders = Files.walk(SCENARIOS, 2)) {
      return folders
          .filter(folder -> SCENARIOS.relativize(folder).getNameCount() == 2)
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    }
  }

  /** The main files of a scenario, in the order they were begun. */
  static List<Path> mainFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .sorted(Comparator.comparing(Recorded::lastTime).thenComparing(Path::compareTo))
          .toList();
    }
  }

  private static String lastTime(Path file) {
    try {
      String latest = "";
      for (String line : Files.readAllLines(file)) {
        String time = JsonReader.parse(line).text("timestamp", "");
        latest = time.compareTo(latest) > 0 ? time : latest;
      }
      return latest;
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  static SessionFile session(Path file) {
    String name = file.getFileName().toString();
    return new SessionFile(
        AgentId.CLAUDE,
        new SessionId(name.substring(0, name.length() - ".jsonl".length())),
        file,
        Instant.EPOCH);
  }

  /** The first value that a line of a transcript holds. */
  static Json record(String line) throws IOException {
    return JsonReader.parse(line);
  }

  /** The ledger: every trace that was assembled once. */
  static final class Ledger implements Known {
    final Set<TraceId> traces = new HashSet<>();
    final List<TraceUpdate> updates = new ArrayList<>();

    @Override
    public boolean contains(TraceId trace) {
      return traces.contains(trace);
    }

    /** Stores a reading's result, as one transaction would. */
    void store(Reading reading) {
      updates.addAll(reading.updates());
      reading.updates().forEach(update -> traces.add(update.traceId()));
    }
  }

  /** Reads on until nothing more is there. */
  static Reading read(SessionFile session, Cursor from, Closing closing, Ledger ledger)
      throws IOException {
    ClaudeTranscriptReader reader = new ClaudeTranscriptReader();
    Reading reading = reader.read(session, from, closing, ledger);
    ledger.store(reading);
    while (reading.more()) {
      reading = reader.read(session, reading.next(), closing, ledger);
      ledger.store(reading);
    }
    return reading;
  }
}
