package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code requests}. */
@Command(
    name = "requests",
    description = "Show what a sandbox was asked since it started, oldest first.",
    footer = {
      "",
      "Examples:",
      "  ucode sandbox requests --path /ai-gateway/",
      "  ucode sandbox requests --limit 5 --json     headers too, without secrets"
    })
final class RequestsCommand extends SandboxCommand {
  @Option(names = "--path", paramLabel = "TEXT", description = "Only paths that contain it.")
  @Nullable String path;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "The last N; default: ${DEFAULT-VALUE}.")
  int limit = 50;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    String query = "?limit=" + limit;
    if (path != null) {
      query += "&path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }
    JsonNode answer = admin().get("/sandbox/requests" + query);
    if (json) {
      terminal.json(answer);
      return 0;
    }
    for (JsonNode call : answer.path("requests")) {
      StringBuilder line = new StringBuilder();
      line.append(call.path("received").asText().substring(11, 19)).append("  ");
      line.append("%3s %5s ms  ".formatted(status(call), call.path("took_ms").asText()));
      line.append("%-6s ".formatted(call.path("method").asText()));
      line.append(call.path("path").asText());
      if (!call.path("mishap").isNull()) {
        line.append("  [").append(call.path("mishap").asText()).append(']');
      }
      for (var note : call.path("notes").properties()) {
        line.append("  ").append(note.getKey()).append('=').append(note.getValue().asText());
      }
      terminal.line(line.toString());
    }
    return 0;
  }

  private static String status(JsonNode call) {
    int status = call.path("status").asInt();
    return status == 0 ? "cut" : Integer.toString(status);
  }
}
