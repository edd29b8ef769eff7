package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code server.json}: where the last run of a sandbox listened, and in which process. Whether it
 * still does is another question.
 */
record RunFile(URI url, long pid) {
  private static final String FILE = "server.json";

  /** That of a data folder, or null where there is none or it cannot be understood. */
  static @Nullable RunFile read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      JsonNode json = Json.parse(Files.readString(file));
      URI url = URI.create(json.path("url").asText());
      return url.getPort() > 0 ? new RunFile(url, json.path("pid").asLong()) : null;
    } catch (ApiException | IllegalArgumentException damaged) {
      return null;
    }
  }

  void write(Path folder) throws IOException {
    PrivateFiles.write(
        folder.resolve(FILE),
        Json.write(Json.object().put("url", url.toString()).put("pid", pid)) + "\n");
  }
}
