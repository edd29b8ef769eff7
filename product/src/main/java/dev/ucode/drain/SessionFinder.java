package dev.ucode.drain;

import dev.ucode.name.SessionId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the record of a session that no hook told of. */
public interface SessionFinder {
  /**
   * The main record of a session; null where there is none.
   *
   * @param folder the working directory the agent was started in
   */
  @Nullable Path transcript(Path folder, SessionId session);
}
