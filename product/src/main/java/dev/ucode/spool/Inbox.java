package dev.ucode.spool;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.os.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events that hooks have left, oldest first. A file is called {@code
 * <agent>.<destination>.<pid>.<ppid>.<n>.json}; {@code .part} instead of {@code .json} while it is
 * being written.
 */
public final class Inbox {
  /** A hook that has not finished writing by then was killed. */
  private static final Duration ABANDONED = Duration.ofMinutes(5);

  /** More than any agent has been seen to send; what is longer is read as damaged. */
  private static final int LONGEST = 16 << 20;

  private final Path folder;
  private final InstantSource clock;

  /** Files that can neither be read nor removed: passed over, or the worker would never rest. */
  private final Set<Path> stuck = new HashSet<>();

  /**
   * @param spool the folder that holds {@code inbox/}
   */
  public Inbox(Path spool, InstantSource clock) {
    this.folder = spool.resolve("inbox");
    this.clock = clock;
  }

  /** The events there are, oldest first, at most as many as asked for. */
  public List<HookEvent> read(int most) throws IOException {
    List<Found> found = list();
    found.sort(Comparator.comparing(Found::at).thenComparing(f -> f.file().getFileName()));
    List<HookEvent> events = new ArrayList<>();
    for (Found one : found) {
      if (events.size() == most) {
        break;
      }
      HookEvent event = open(one);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  /** How many events wait, and since when the oldest of them. */
  public Waiting waiting() throws IOException {
    List<Found> found = list();
    Instant oldest = null;
    for (Found one : found) {
      oldest = oldest == null || one.at().isBefore(oldest) ? one.at() : oldest;
    }
    return new Waiting(found.size(), oldest);
  }

  /** See {@link #waiting}. */
  public record Waiting(int events, @Nullable Instant oldest) {}

  public boolean isEmpty() throws IOException {
    return list().isEmpty();
  }

  /** Takes an event out, after everything it led to is safe elsewhere. */
  public void remove(HookEvent event) {
    try {
      AtomicFiles.delete(event.file());
    } catch (IOException e) {
      stuck.add(event.file());
    }
  }

  private record Found(Path file, Instant at) {}

  private List<Found> list() throws IOException {
    List<Found> found = new ArrayList<>();
    Instant abandoned = clock.instant().minus(ABANDONED);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean whole = name.endsWith(".json");
        if ((!whole && !name.endsWith(".part")) || stuck.contains(file)) {
          continue;
        }
        try {
          Instant at = Files.getLastModifiedTime(file).toInstant();
          if (whole || at.isBefore(abandoned)) {
            found.add(new Found(file, at));
          }
        } catch (NoSuchFileException renamed) {
          // The hook has just finished writing it; the next look finds it.
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      // No hook has ever fired.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private @Nullable HookEvent open(Found found) {
    byte[] content;
    try (InputStream in = Files.newInputStream(found.file())) {
      content = in.readNBytes(LONGEST);
    } catch (NoSuchFileException renamed) {
      return null;
    } catch (IOException e) {
      content = new byte[0];
    }
    HookEvent.Origin origin = origin(found.file().getFileName().toString());
    return new HookEvent(found.file(), origin, found.at(), payload(content));
  }

  private static HookEvent.@Nullable Origin origin(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 6) {
      return null;
    }
    try {
      return new HookEvent.Origin(
          new AgentId(parts[0]), parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static HookEvent.@Nullable Payload payload(byte[] content) {
    Json json;
    try {
      json = JsonReader.parse(content);
    } catch (JsonSyntaxException e) {
      json = beginning(new String(content, StandardCharsets.UTF_8));
    }
    String session = json.text("session_id");
    if (session == null || session.isBlank()) {
      return null;
    }
    return new HookEvent.Payload(
        json.text("hook_event_name", ""),
        new SessionId(session),
        path(json.text("transcript_path")),
        path(json.text("cwd")),
        path(json.text("agent_transcript_path")));
  }

  /**
   * What a cut payload still says. Agents name the session first, before anything a person or a
   * model wrote, so members are taken for as long as they are plain strings.
   */
  private static Json beginning(String text) {
    Json.Builder members = Json.object();
    int at = text.startsWith("{") ? 1 : text.length();
    while (true) {
      int name = string(text, at);
      if (name < 0 || name >= text.length() || text.charAt(name) != ':') {
        return members.build();
      }
      int value = string(text, name + 1);
      if (value < 0) {
        return members.build();
      }
      try {
        String key = JsonReader.parse(text.substring(at, name)).asText();
        Json held = JsonReader.parse(text.substring(name + 1, value));
        members.put(key == null ? "" : key, held);
      } catch (JsonSyntaxException e) {
        return members.build();
      }
      if (value >= text.length() || text.charAt(value) != ',') {
        return members.build();
      }
      at = value + 1;
    }
  }

  /** The end of the string literal that starts there, or -1 where none does. */
  private static int string(String text, int start) {
    if (start >= text.length() || text.charAt(start) != '"') {
      return -1;
    }
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i + 1;
      }
    }
    return -1;
  }

  private static @Nullable Path path(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
