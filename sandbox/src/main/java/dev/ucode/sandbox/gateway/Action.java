package dev.ucode.sandbox.gateway;

import java.util.List;

/**
 * What a script wants done, free of any agent's vocabulary. {@link ToolBox} maps it to a tool that
 * the request offers.
 */
public sealed interface Action {

  /** The word for this kind in a script and in messages. */
  String kind();

  /** Run a shell command. */
  record Shell(String command) implements Action {
    @Override
    public String kind() {
      return "shell";
    }
  }

  /** Write a whole file. */
  record Write(String path, String content) implements Action {
    @Override
    public String kind() {
      return "write";
    }
  }

  /** Replace text in a file. */
  record Edit(String path, String before, String after) implements Action {
    @Override
    public String kind() {
      return "edit";
    }
  }

  /** Start a subagent with a prompt of its own. */
  record Task(String description, String prompt) implements Action {
    @Override
    public String kind() {
      return "task";
    }
  }

  /** Keep a list of what is to do; the first item is in progress, the rest wait. */
  record Todo(List<String> items) implements Action {
    @Override
    public String kind() {
      return "todo";
    }
  }
}
