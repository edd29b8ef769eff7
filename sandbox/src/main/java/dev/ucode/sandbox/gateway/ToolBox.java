package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Maps what a script wants done to the tools a request offers, whatever the agent calls them and
 * their arguments (observed names of Claude Code, OpenCode, Gemini CLI, Copilot and Pi).
 */
public final class ToolBox {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<MessagesRequest.Tool> offered;

  /** The tools of a request, in the order they were offered. */
  public ToolBox(List<MessagesRequest.Tool> offered) {
    this.offered = List.copyOf(offered);
  }

  /** A call as it goes on the wire. */
  public record Call(String name, ObjectNode input) {}

  /** The call that does this, or empty when no tool on offer can. */
  public Optional<Call> call(Action wish) {
    return switch (wish) {
      case Action.Shell shell ->
          find("Bash", "bash", "shell", "run_shell_command", "exec_command")
              .map(
                  tool ->
                      new Arguments(tool)
                          .required(shell.command(), "command", "cmd")
                          .optional("Run a command", "description")
                          .call());
      case Action.Write write ->
          find("Write", "write", "write_file", "create")
              .map(
                  tool ->
                      new Arguments(tool)
                          .required(write.path(), "file_path", "filePath", "path")
                          .required(write.content(), "content", "file_text")
                          .call());
      case Action.Edit edit ->
          find("Edit", "edit", "replace", "str_replace")
              .map(
                  tool ->
                      new Arguments(tool)
                          .required(edit.path(), "file_path", "filePath", "path")
                          .required(edit.before(), "old_string", "oldString", "old_str", "oldText")
                          .required(edit.after(), "new_string", "newString", "new_str", "newText")
                          .call());
      case Action.Task task ->
          find("Agent", "Task", "task", "invoke_agent")
              .map(
                  tool ->
                      new Arguments(tool)
                          .required(task.description(), "description")
                          .required(task.prompt(), "prompt")
                          .optional("general-purpose", "subagent_type", "agent_type", "agent_name")
                          .call());
      case Action.Todo todo ->
          find("TodoWrite", "todowrite", "write_todos")
              .map(tool -> new Call(tool.name(), todoList(todo)))
              .or(() -> find("TaskCreate").map(tool -> new Call(tool.name(), firstTask(todo))));
    };
  }

  /** The names on offer, for a message that says what is missing. */
  public List<String> names() {
    return offered.stream().map(MessagesRequest.Tool::name).toList();
  }

  private Optional<MessagesRequest.Tool> find(String... names) {
    for (String name : names) {
      for (MessagesRequest.Tool tool : offered) {
        if (tool.name().equals(name)) {
          return Optional.of(tool);
        }
      }
    }
    return Optional.empty();
  }

  private static ObjectNode todoList(Action.Todo todo) {
    ObjectNode input = JSON.objectNode();
    ArrayNode todos = input.putArray("todos");
    for (int i = 0; i < todo.items().size(); i++) {
      todos
          .addObject()
          .put("content", todo.items().get(i))
          .put("status", i == 0 ? "in_progress" : "pending")
          .put("activeForm", todo.items().get(i));
    }
    return input;
  }

  private static ObjectNode firstTask(Action.Todo todo) {
    String first = todo.items().getFirst();
    return JSON.objectNode().put("subject", first).put("description", first);
  }

  /** Fills in arguments under whichever of several names the tool's schema knows. */
  private static final class Arguments {
    private final MessagesRequest.Tool tool;
    private final ObjectNode input = JSON.objectNode();

    Arguments(MessagesRequest.Tool tool) {
      this.tool = tool;
    }

    /** Sets the first name the schema knows; a tool without a schema gets the first name. */
    Arguments required(String value, String... names) {
      input.put(known(names).orElse(names[0]), value);
      return this;
    }

    /** Sets the value only where the schema has a place for it. */
    Arguments optional(String value, String... names) {
      known(names).ifPresent(name -> input.put(name, value));
      return this;
    }

    Call call() {
      return new Call(tool.name(), input);
    }

    private Optional<String> known(String... names) {
      for (String name : names) {
        if (tool.properties().contains(name)) {
          return Optional.of(name);
        }
      }
      return Optional.empty();
    }
  }
}
