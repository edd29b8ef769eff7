package dev.ucode.agent.claude;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.transcript.Entry;
import dev.ucode.transcript.LineReader;
import dev.ucode.transcript.Subagents;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Subagents' own files: {@code <session>/subagents/agent-<id>.jsonl} with a {@code .meta.json}
 * beside it, in older versions {@code agent-<id>.jsonl} beside the session's file.
 */
final class ClaudeSubagents implements Subagents {
  /** Bytes; a description of an agent is far smaller. */
  private static final int LARGEST_META = 1 << 20;

  private final String session;
  private final Path folder;
  private final Path older;
  private @Nullable Map<String, String> byToolCall;

  /**
   * The agents of one session.
   *
   * @param transcript the session's main file
   */
  ClaudeSubagents(String session, Path transcript) {
    this.session = session;
    String name = transcript.getFileName().toString();
    String stem = name.endsWith(".jsonl") ? name.substring(0, name.length() - 6) : name;
    this.older = transcript.toAbsolutePath().resolveSibling(".").normalize();
    this.folder = older.resolve(stem).resolve("subagents");
  }

  @Override
  public @Nullable String startedBy(String toolCall) throws IOException {
    Map<String, String> agents = byToolCall;
    if (agents == null) {
      agents = new HashMap<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "agent-*.meta.json")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          String id = name.substring("agent-".length(), name.length() - ".meta.json".length());
          String call = meta(id).text("toolUseId");
          if (call != null) {
            agents.put(call, id);
          }
        }
      } catch (NoSuchFileException | NotDirectoryException none) {
        // The session has no agents.
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      byToolCall = agents;
    }
    return agents.get(toolCall);
  }

  @Override
  public boolean finished(String agentId) throws IOException {
    return meta(agentId).isTrue("finished");
  }

  @Override
  public @Nullable Run read(String agentId, long from) throws IOException {
    Path file = file(agentId);
    if (file == null) {
      return null;
    }
    Json meta = meta(agentId);
    RunReader run = new RunReader(from < 0);
    ClaudeRecords records = new ClaudeRecords(session, true);
    long end = Math.max(0, from);
    try (LineReader lines = new LineReader(file, end)) {
      while (lines.next()) {
        long offset = lines.lineOffset();
        JsonReader.Line line = ClaudeLines.read(lines.bytes(), lines.start(), lines.length());
        for (Json record : line.values()) {
          if (record instanceof Json.Obj) {
            records.accept(record, (entry, chain) -> run.accept(entry));
          }
          if (run.over) {
            return run(meta, run, offset);
          }
        }
        end = lines.nextOffset();
      }
    }
    return run(meta, run, end);
  }

  private static @Nullable Run run(Json meta, RunReader run, long end) {
    return run.entries.isEmpty()
        ? null
        : new Run(meta.text("agentType"), meta.text("description"), run.entries, end);
  }

  private @Nullable Path file(String agentId) {
    if (!agentId.matches("[A-Za-z0-9_-]+")) {
      return null; // it becomes part of a path
    }
    for (Path place : List.of(folder, older)) {
      Path file = place.resolve("agent-" + agentId + ".jsonl");
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }

  private Json meta(String agentId) throws IOException {
    if (agentId.matches("[A-Za-z0-9_-]+")) {
      Path file = folder.resolve("agent-" + agentId + ".meta.json");
      try {
        if (Files.size(file) <= LARGEST_META) {
          return JsonReader.parse(Files.readAllBytes(file));
        }
      } catch (NoSuchFileException | NotDirectoryException | JsonSyntaxException none) {
        // Older versions write none, and one half written says nothing yet.
      }
    }
    return Json.Null.NULL;
  }

  /** Collects the entries of one run: up to a message that comes when the agent was done. */
  private static final class RunReader {
    final List<Entry> entries = new ArrayList<>();
    private final Set<String> waitingFor = new HashSet<>();
    private final boolean last;
    private boolean answered;
    boolean over;

    /**
     * A run of which nothing was read yet.
     *
     * @param last whether the last run of the file is wanted, not the first
     */
    RunReader(boolean last) {
      this.last = last;
    }

    void accept(Entry entry) {
      if (entry instanceof Entry.Prompt prompt && !entries.isEmpty()) {
        boolean done = answered && waitingFor.isEmpty();
        if (done && !last && prompt.cause() != Entry.Cause.NOTIFICATION) {
          over = true;
          return;
        }
        if (done && prompt.cause() != Entry.Cause.NOTIFICATION) {
          entries.clear();
          entries.add(prompt);
        } else {
          entries.add(new Entry.Input(prompt.time(), prompt.message(), false));
        }
        answered = false;
        return;
      }
      switch (entry) {
        case Entry.Output output -> answered = true;
        case Entry.ApiError error -> answered = true;
        case Entry.ToolUse use -> waitingFor.add(use.callId());
        case Entry.ToolResult result -> {
          waitingFor.remove(result.callId());
          answered = false;
        }
        default -> {}
      }
      if (!entries.isEmpty() || entry instanceof Entry.Prompt) {
        entries.add(entry);
      }
    }
  }
}
