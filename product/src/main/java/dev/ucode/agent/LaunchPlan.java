package dev.ucode.agent;

import dev.ucode.config.ChangeSet;
import dev.ucode.name.AgentId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A launch as a value: shown by a dry run, else applied and handed over.
 *
 * @param args without the program itself; nothing secret is ever in it
 * @param environment changes to what the agent inherits
 * @param files to be there before it starts
 * @param notes lines for the person, before the agent takes the terminal
 */
public record LaunchPlan(
    AgentId agent,
    Path binary,
    List<String> args,
    Map<String, EnvValue> environment,
    ChangeSet files,
    Handover handover,
    List<String> notes) {
  /** How the terminal is given to the agent. */
  public enum Handover {
    /** The launcher script becomes the agent: same process id, nothing left behind. */
    EXEC,
    /** We stay as its parent. */
    SUPERVISE
  }

  public LaunchPlan {
    args = List.copyOf(args);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    notes = List.copyOf(notes);
  }
}
