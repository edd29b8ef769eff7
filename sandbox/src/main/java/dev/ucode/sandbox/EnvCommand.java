package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code env}. */
@Command(
    name = "env",
    description = "Print the environment that points Databricks clients at a running sandbox.",
    footer = {
      "",
      "Examples:",
      "  eval \"$(ucode sandbox env)\"",
      "  eval \"$(ucode sandbox env --as principal)\"   OAuth client credentials",
      "  ucode sandbox env --json"
    })
final class EnvCommand extends SandboxCommand {
  /** Whose sign-in is printed. */
  enum Who {
    /** A user who may do everything that the starting state allows. */
    DEV,
    /** A user without any permission. */
    STRANGER,
    /** A service principal with a client id and a secret. */
    PRINCIPAL
  }

  @Option(
      names = "--as",
      paramLabel = "WHO",
      defaultValue = "dev",
      description =
          "dev (may do everything), stranger (may do nothing), principal (OAuth client"
              + " credentials); default: ${DEFAULT-VALUE}.")
  Who who = Who.DEV;

  @Option(names = "--json", description = "Print JSON, with all that opens the sandbox.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    Instance instance = instance();
    RunFile run = instance.requireRunning();
    Credentials credentials = Credentials.read(instance.folder());
    if (json) {
      ObjectNode told = Json.object().put("name", name).put("url", run.url().toString());
      terminal.json(told.setAll(credentials.json()));
      return 0;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("DATABRICKS_HOST", run.url().toString());
    switch (who) {
      case DEV -> variables.put("DATABRICKS_TOKEN", credentials.token());
      case STRANGER -> variables.put("DATABRICKS_TOKEN", credentials.strangerToken());
      case PRINCIPAL -> {
        variables.put("DATABRICKS_CLIENT_ID", credentials.clientId());
        variables.put("DATABRICKS_CLIENT_SECRET", credentials.clientSecret());
      }
    }
    variables.put("UCODE_SANDBOX_ADMIN_TOKEN", credentials.adminToken());
    // No value holds a quote: they are made of hex digits, dashes and a loopback address.
    variables.forEach((key, value) -> terminal.line("export " + key + "='" + value + "'"));
    return 0;
  }
}
