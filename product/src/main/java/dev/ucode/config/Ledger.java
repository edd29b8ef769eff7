package dev.ucode.config;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.json.JsonWriter;
import dev.ucode.os.AtomicFiles;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What we have done to which file, so that it can be undone exactly. */
record Ledger(Map<Path, Entry> entries) {
  /**
   * One file we have touched.
   *
   * @param backup name of the copy of what was there before us; null where there was nothing
   * @param permissions those of the file before us
   * @param written SHA-256 of what we wrote last and the time before (a run may be cut off between
   *     noting and writing): a file with another content was changed since
   * @param folders that we made for it, outermost first
   */
  record Entry(
      @Nullable String backup,
      @Nullable Set<PosixFilePermission> permissions,
      List<String> written,
      List<Path> folders) {
    Entry {
      written = List.copyOf(written);
      folders = List.copyOf(folders);
    }
  }

  Ledger {
    entries = new LinkedHashMap<>(entries);
  }

  Ledger with(Path file, Entry entry) {
    Ledger changed = new Ledger(entries);
    changed.entries.put(file, entry);
    return changed;
  }

  Ledger without(Path file) {
    Ledger changed = new Ledger(entries);
    changed.entries.remove(file);
    return changed;
  }

  static Ledger read(Path from) {
    byte[] content;
    try {
      content = Files.readAllBytes(from);
    } catch (NoSuchFileException none) {
      return new Ledger(Map.of());
    } catch (IOException e) {
      throw unreadable(from, e);
    }
    try {
      Map<Path, Entry> entries = new LinkedHashMap<>();
      if (JsonReader.parse(content).get("files") instanceof Json.Obj files) {
        for (Map.Entry<String, Json> file : files.members().entrySet()) {
          Json json = file.getValue();
          String mode = json.text("permissions");
          entries.put(
              Path.of(file.getKey()),
              new Entry(
                  json.text("backup"),
                  mode == null ? null : PosixFilePermissions.fromString(mode),
                  texts(json, "written"),
                  texts(json, "folders").stream().map(Path::of).toList()));
        }
      }
      return new Ledger(entries);
    } catch (JsonSyntaxException | IllegalArgumentException e) {
      throw unreadable(from, e);
    }
  }

  void write(Path to) throws IOException {
    if (entries.isEmpty()) {
      AtomicFiles.delete(to);
      return;
    }
    Json.Builder files = Json.object();
    entries.forEach(
        (file, entry) -> {
          Set<PosixFilePermission> mode = entry.permissions();
          files.put(
              file.toString(),
              Json.object()
                  .putIfPresent("backup", entry.backup())
                  .putIfPresent(
                      "permissions", mode == null ? null : PosixFilePermissions.toString(mode))
                  .put("written", entry.written().stream().map(Json::of).toList())
                  .put("folders", entry.folders().stream().map(f -> Json.of(f.toString())).toList())
                  .build());
        });
    Json all = Json.object().put("version", 1).put("files", files.build()).build();
    AtomicFiles.write(
        to, JsonWriter.pretty(all).getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
  }

  private static List<String> texts(Json json, String name) {
    List<String> texts = new ArrayList<>();
    for (Json item : json.items(name)) {
      if (item instanceof Json.Str text) {
        texts.add(text.value());
      }
    }
    return texts;
  }

  private static UserException unreadable(Path file, Exception e) {
    return new UserException(
        Problem.failure(
            "cannot read " + file + ", which says how to undo our changes",
            e.getMessage(),
            "correct it; without it nothing is changed"),
        e);
  }
}
