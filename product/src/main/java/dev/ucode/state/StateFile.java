package dev.ucode.state;

import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.json.JsonWriter;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Folders;
import dev.ucode.os.OsLock;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * {@code ~/.ucode/state-v4.json}. Private, written atomically, and only after it was read again
 * under a lock, so that two processes do not undo each other's changes.
 */
public final class StateFile {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path file;
  private final Path lock;

  public StateFile(Folders folders) {
    this.file = folders.stateFile();
    this.lock = file.resolveSibling(file.getFileName() + ".lock");
  }

  /** Where it is kept. */
  public Path file() {
    return file;
  }

  /**
   * What is remembered; nothing where there is no file. Leaves no trace.
   *
   * @throws UserException where the file is broken or of a newer ucode; it stays as it is
   */
  public State read() {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return State.EMPTY;
    } catch (IOException e) {
      throw new UserException(
          Problem.failure("cannot read " + file, reason(e), "check its permissions"), e);
    }
    try {
      return StateJson.read(JsonReader.parse(content));
    } catch (JsonSyntaxException e) {
      String where = e.line() > 0 ? "line " + e.line() + ", column " + e.column() + ": " : "";
      throw broken(where + e.getMessage(), e);
    } catch (StateJson.Unreadable e) {
      throw broken(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Changes what is remembered: reads, changes and writes in one go.
   *
   * @return what is remembered now
   * @throws IOException where it cannot be written; then nothing has changed
   */
  public State update(UnaryOperator<State> change) throws IOException {
    try (OsLock _ = OsLock.acquire(lock, PATIENCE)) {
      State before = read();
      State after = change.apply(before);
      if (!after.equals(before) || !Files.exists(file)) {
        String text = JsonWriter.pretty(StateJson.write(after));
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
      }
      return after;
    }
  }

  private UserException broken(String why, Exception cause) {
    return new UserException(
        Problem.failure(
            file + " cannot be read", why, "correct it, or move it away and run: ucode configure"),
        cause);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
