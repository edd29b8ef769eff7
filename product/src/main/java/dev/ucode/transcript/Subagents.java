package dev.ucode.transcript;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agents that a session started have recorded, each apart from the session's own file. */
public interface Subagents {
  /** The id of the agent a tool call started, where the call's result does not name it. */
  @Nullable String startedBy(String toolCall) throws IOException;

  /** Whether the agent has written down that it is done. */
  boolean finished(String agentId) throws IOException;

  /**
   * One run of an agent, from a byte offset in its file on. An agent that is given more work after
   * it was done runs again, in the same file.
   *
   * @return null where nothing is recorded there
   */
  @Nullable Run read(String agentId, long from) throws IOException;

  /**
   * A run.
   *
   * @param type what kind of agent it is, if recorded
   * @param entries the prompt first
   * @param end where the next run begins, or the file's last whole line ends
   */
  record Run(@Nullable String type, @Nullable String description, List<Entry> entries, long end) {}

  /** A session without agents. */
  Subagents NONE =
      new Subagents() {
        @Override
        public @Nullable String startedBy(String toolCall) {
          return null;
        }

        @Override
        public boolean finished(String agentId) {
          return false;
        }

        @Override
        public @Nullable Run read(String agentId, long from) {
          return null;
        }
      };
}
