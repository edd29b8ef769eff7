package dev.ucode.spool;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.json.JsonWriter;
import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.os.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The launches there have been: one private file each, named after the process. */
public final class Launches {
  private final Path folder;

  /**
   * @param spool the folder that holds {@code launches/}
   */
  public Launches(Path spool) {
    this.folder = spool.resolve("launches");
  }

  /** Writes a launch down, before the agent starts. */
  public void register(Launch launch) throws IOException {
    Instant began = launch.processStart();
    SessionId session = launch.session();
    Json json =
        Json.object()
            .put("process", launch.process())
            .putIfPresent("process_start", began == null ? null : began.toString())
            .put("agent", launch.agent().value())
            .put("destination", launch.destination())
            .put("working_directory", launch.workingDirectory().toString())
            .putIfPresent("session", session == null ? null : session.value())
            .put("at", launch.at().toString())
            .build();
    AtomicFiles.write(
        file(launch.process()),
        JsonWriter.pretty(json).getBytes(StandardCharsets.UTF_8),
        AtomicFiles.PRIVATE);
  }

  /** All that are written down and can be read, in no order. */
  public List<Launch> all() throws IOException {
    List<Launch> launches = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*.json")) {
      for (Path file : files) {
        Launch launch = read(file);
        if (launch != null) {
          launches.add(launch);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      // Nothing was ever launched.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return launches;
  }

  /** Takes one off the list. */
  public void remove(Launch launch) throws IOException {
    AtomicFiles.delete(file(launch.process()));
  }

  private Path file(long process) {
    return folder.resolve(process + ".json");
  }

  private static @Nullable Launch read(Path file) {
    try {
      Json json = JsonReader.parse(Files.readAllBytes(file));
      Long process = json.number("process");
      String agent = json.text("agent");
      String destination = json.text("destination");
      String folder = json.text("working_directory");
      String at = json.text("at");
      if (process == null || agent == null || destination == null || folder == null || at == null) {
        return null;
      }
      String began = json.text("process_start");
      String session = json.text("session");
      return new Launch(
          process,
          began == null ? null : Instant.parse(began),
          new AgentId(agent),
          destination,
          Path.of(folder),
          session == null ? null : new SessionId(session),
          Instant.parse(at));
    } catch (JsonSyntaxException | IllegalArgumentException | DateTimeException e) {
      return null; // written by another version, or by hand
    } catch (IOException e) {
      return null; // gone since, or not ours to read
    }
  }
}
