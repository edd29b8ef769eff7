package dev.ucode.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an edit would do to a file as it is now.
 *
 * @param lines the change, each line with {@code +}, {@code -} or a space before it; empty where
 *     nothing changes
 */
public record Preview(Path file, Kind kind, List<String> lines) {
  /** What happens to the file. */
  public enum Kind {
    CREATE,
    UPDATE,
    UNCHANGED,
    RESTORE
  }

  /** Unchanged lines shown around a change. */
  private static final int CONTEXT = 2;

  public Preview {
    lines = List.copyOf(lines);
  }

  /** What a change set would do; reads the files, changes none. */
  public static List<Preview> of(ChangeSet changes) throws IOException {
    List<Preview> previews = new ArrayList<>();
    for (FileEdit edit : changes.edits()) {
      previews.add(of(edit));
    }
    return previews;
  }

  private static Preview of(FileEdit edit) throws IOException {
    String after;
    switch (edit) {
      case FileEdit.Own own -> after = own.content();
      case FileEdit.Merge merge -> after = merge.after();
      case FileEdit.Restore restore -> {
        return new Preview(restore.file(), Kind.RESTORE, List.of());
      }
    }
    String before = text(edit.file());
    if (before == null) {
      return new Preview(edit.file(), Kind.CREATE, after.lines().map(line -> "+" + line).toList());
    }
    return before.equals(after)
        ? new Preview(edit.file(), Kind.UNCHANGED, List.of())
        : new Preview(edit.file(), Kind.UPDATE, difference(before, after));
  }

  private static @Nullable String text(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** The shortest list of removed and added lines, by the textbook table: settings are small. */
  static List<String> difference(String before, String after) {
    List<String> a = before.lines().toList();
    List<String> b = after.lines().toList();
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> all = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        all.add(" " + a.get(i));
        i++;
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        all.add("-" + a.get(i++));
      } else {
        all.add("+" + b.get(j++));
      }
    }
    return nearChanges(all);
  }

  private static List<String> nearChanges(List<String> all) {
    List<String> near = new ArrayList<>();
    for (int k = 0; k < all.size(); k++) {
      boolean shown = false;
      for (int n = Math.max(0, k - CONTEXT); n <= Math.min(all.size() - 1, k + CONTEXT); n++) {
        shown |= all.get(n).charAt(0) != ' ';
      }
      if (shown) {
        near.add(all.get(k));
      } else if (near.isEmpty() || !near.getLast().equals(" …")) {
        near.add(" …");
      }
    }
    return near;
  }
}
