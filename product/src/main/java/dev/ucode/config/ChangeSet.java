package dev.ucode.config;

import java.util.ArrayList;
import java.util.List;

/** Changes to files, in order. Nothing happens until they are applied. */
public record ChangeSet(List<FileEdit> edits) {
  /** No change. */
  public static final ChangeSet NONE = new ChangeSet(List.of());

  public ChangeSet {
    edits = List.copyOf(edits);
  }

  public static ChangeSet of(FileEdit... edits) {
    return new ChangeSet(List.of(edits));
  }

  /** These changes, then the others. */
  public ChangeSet and(ChangeSet others) {
    List<FileEdit> all = new ArrayList<>(edits);
    all.addAll(others.edits);
    return new ChangeSet(all);
  }
}
