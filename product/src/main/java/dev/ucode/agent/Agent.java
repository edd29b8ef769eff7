package dev.ucode.agent;

import dev.ucode.config.ChangeSet;
import dev.ucode.name.AgentId;
import dev.ucode.workspace.Models;
import java.util.List;
import java.util.Map;

/**
 * A coding agent that ucode puts behind a workspace's gateway. Nothing here changes anything: plans
 * are values.
 */
public interface Agent {
  AgentId id();

  Product product();

  /** Whether a workspace that offers these models can serve it. */
  boolean servedBy(Models models);

  /** Our settings files for it. */
  ChangeSet configure(AgentContext context);

  /**
   * A launch with the person's own arguments.
   *
   * @throws dev.ucode.problem.UserException where the arguments cannot be honoured
   */
  LaunchPlan plan(AgentContext context, List<String> args);

  /**
   * A short live conversation that proves the settings, without tracing and with nothing kept.
   *
   * @param prompt what to say
   */
  Trial trial(AgentContext context, String prompt);

  /**
   * What the person's own settings hold that works against tracing, one sentence each; reads them
   * and changes nothing.
   */
  List<String> warnings(AgentContext context);

  /**
   * A command to run with nothing on its standard input.
   *
   * @param command the program and its arguments
   */
  record Trial(List<String> command, Map<String, String> environment, ChangeSet files) {
    public Trial {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }
}
