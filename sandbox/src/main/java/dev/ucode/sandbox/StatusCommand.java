package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}. */
@Command(
    name = "status",
    description = "Show one sandbox, or all of them.",
    footer = {"", "Examples:", "  ucode sandbox status", "  ucode sandbox status --name ci --json"})
final class StatusCommand extends SandboxCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    boolean one = data != null || spec.commandLine().getParseResult().hasMatchedOption("--name");
    List<Instance> instances = one ? List.of(instance()) : Instance.all(terminal.environment());
    if (json) {
      ObjectNode reply = Json.object();
      var list = reply.putArray("sandboxes");
      for (Instance instance : instances) {
        list.add(describe(instance));
      }
      terminal.json(reply);
      return 0;
    }
    if (instances.isEmpty()) {
      terminal.line("There is no sandbox yet. To make one: ucode sandbox start");
    }
    for (Instance instance : instances) {
      print(describe(instance));
    }
    return 0;
  }

  private static ObjectNode describe(Instance instance) throws IOException {
    ObjectNode told =
        Json.object()
            .put("name", instance.name())
            .put("running", false)
            .put("exists", instance.exists())
            .put("data", instance.folder().toString());
    RunFile run = instance.running() ? RunFile.read(instance.folder()) : null;
    if (run == null) {
      return told;
    }
    told.put("running", true).put("url", run.url().toString()).put("pid", run.pid());
    AdminClient admin =
        new AdminClient(run.url(), Credentials.read(instance.folder()).adminToken());
    JsonNode status = admin.get("/sandbox/status");
    for (Map.Entry<String, JsonNode> member : status.properties()) {
      told.set(member.getKey(), member.getValue());
    }
    return told;
  }

  private void print(ObjectNode told) {
    String name = told.path("name").asText();
    if (!told.path("running").asBoolean()) {
      terminal.line(
          "Sandbox '"
              + name
              + (told.path("exists").asBoolean() ? "' is stopped" : "' does not exist"));
      terminal.line("  data     " + told.path("data").asText());
      return;
    }
    terminal.line("Sandbox '" + name + "' runs at " + told.path("url").asText());
    terminal.line("  state    " + told.path("state").asText());
    terminal.line("  data     " + told.path("data").asText());
    terminal.line("  process  " + told.path("pid").asText());
    terminal.line("  requests " + told.path("requests").asText());
    terminal.line("  faults   " + told.path("faults").size());
    for (JsonNode table : told.path("tables")) {
      if (table.path("rows").asLong() > 0) {
        terminal.line(
            "  table    "
                + table.path("name").asText()
                + ": "
                + table.path("rows").asText()
                + " rows");
      }
    }
  }
}
