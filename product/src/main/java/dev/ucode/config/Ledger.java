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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What we have done to which file, so that it can be undone exactly.
 *
 * @param folders that we made on the way to those files
 */
record Ledger(Map<Path, Entry> entries, Set<Path> folders) {
  /**
   * One file we have touched.
   *
   * @param backup name of the copy of what was there before us; null where there was nothing
   * @param permissions those of the file before us
   * @param written SHA-256 of what we wrote last and the time before (a run may be cut off between
   *     noting and writing): a file with another content was changed since
   */
  record Entry(
      @Nullable String backup,
      @Nullable Set<PosixFilePermission> permissions,
      List<String> written) {
    Entry {
      written = List.copyOf(written);
    }
  }

  Ledger {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    folders = Collections.unmodifiableSet(new LinkedHashSet<>(folders));
  }

  Ledger with(Path file, Entry entry) {
    Map<Path, Entry> more = new LinkedHashMap<>(entries);
    more.put(file, entry);
    return new Ledger(more, folders);
  }

  Ledger without(Path file) {
    Map<Path, Entry> fewer = new LinkedHashMap<>(entries);
    fewer.remove(file);
    return new Ledger(fewer, folders);
  }

  Ledger withFolders(List<Path> made) {
    Set<Path> more = new LinkedHashSet<>(folders);
    more.addAll(made);
    return new Ledger(entries, more);
  }

  Ledger withoutFolders(Set<Path> gone) {
    Set<Path> fewer = new LinkedHashSet<>(folders);
    fewer.removeAll(gone);
    return new Ledger(entries, fewer);
  }

  static Ledger read(Path from) {
    byte[] content;
    try {
      content = Files.readAllBytes(from);
    } catch (NoSuchFileException none) {
      return new Ledger(Map.of(), Set.of());
    } catch (IOException e) {
      throw unreadable(from, e);
    }
    try {
      Map<Path, Entry> entries = new LinkedHashMap<>();
      Json all = JsonReader.parse(content);
      if (all.get("files") instanceof Json.Obj files) {
        for (Map.Entry<String, Json> file : files.members().entrySet()) {
          Json json = file.getValue();
          String mode = json.text("permissions");
          entries.put(
              Path.of(file.getKey()),
              new Entry(
                  json.text("backup"),
                  mode == null ? null : PosixFilePermissions.fromString(mode),
                  texts(json, "written")));
        }
      }
      Set<Path> folders = new LinkedHashSet<>();
      texts(all, "folders").forEach(folder -> folders.add(Path.of(folder)));
      return new Ledger(entries, folders);
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
                  .build());
        });
    Json all =
        Json.object()
            .put("version", 1)
            .put("files", files.build())
            .put("folders", folders.stream().map(f -> Json.of(f.toString())).toList())
            .build();
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
