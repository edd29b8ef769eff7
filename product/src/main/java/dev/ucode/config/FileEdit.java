package dev.ucode.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One change to one file, as a value: made, shown and compared before anything is touched. */
public sealed interface FileEdit {
  /** The file, absolute. */
  Path file();

  /**
   * A file that is ours as a whole. One that was there before is backed up first.
   *
   * @param executable whether its owner may run it
   */
  record Own(Path file, String content, boolean executable) implements FileEdit {}

  /**
   * A person's file, changed at the places we own.
   *
   * @param before what the edit was made from; null where there was no file. The edit is refused
   *     where the file has changed since.
   * @param after the whole new content
   */
  record Merge(Path file, @Nullable String before, String after) implements FileEdit {}

  /** Puts a file back as it was before our first edit: its old bytes, or no file. */
  record Restore(Path file) implements FileEdit {}
}
