package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.state.StartingState;
import dev.ucode.sandbox.state.WorkspaceState;
import dev.ucode.sandbox.store.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reset}. */
@Command(
    name = "reset",
    description = "Throw the data of a sandbox away and fill it anew; tokens stay valid.",
    footer = {
      "",
      "Examples:",
      "  ucode sandbox reset",
      "  ucode sandbox reset --state warehouse-forbidden"
    })
final class ResetCommand extends SandboxCommand {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      completionCandidates = StartCommand.States.class,
      description = "What it then holds: ${COMPLETION-CANDIDATES}; default: as it began.")
  @Nullable String state;

  @Override
  public Integer call() throws IOException, SQLException {
    Instance instance = instance();
    String word = state == null ? null : StartCommand.wanted(state).word();
    String now;
    if (instance.running()) {
      ObjectNode body = Json.object();
      if (word != null) {
        body.put("state", word);
      }
      now = admin().post("/sandbox/reset", body).path("state").asText();
    } else if (instance.exists()) {
      now = offline(instance, word);
    } else {
      throw new Failure(
          "sandbox '" + name + "' does not exist",
          null,
          "ucode sandbox start" + instance.nameOption());
    }
    terminal.line("Sandbox '" + name + "' is as new: " + now + ".");
    return 0;
  }

  private String offline(Instance instance, @Nullable String word)
      throws IOException, SQLException {
    try (Instance.Hold hold = instance.take()) {
      if (hold == null) {
        throw new Failure("sandbox '" + name + "' is just starting", null, "try again");
      }
      try (Database database =
          Database.open(instance.folder().resolve(Sandbox.DATABASE), Sandbox.definitions())) {
        return database.write(
            connection -> {
              StartingState wanted =
                  word == null ? WorkspaceState.current(connection) : StartingState.of(word);
              WorkspaceState.reset(connection, wanted, InstantSource.system().millis());
              return wanted.word();
            });
      }
    }
  }
}
