package dev.ucode.transcript;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import java.util.List;
import java.util.function.Function;

/**
 * How one agent's traces are worded.
 *
 * @param rootName of the turn's span, as MLflow's integration calls it
 * @param versionKey the metadata key of the agent's version
 * @param provider of the models, by OpenTelemetry's name
 * @param messageFormat the value of {@code mlflow.message.format} for its messages
 * @param reader takes the plain text out of content blocks
 */
public record Style(
    AgentId agent,
    String rootName,
    String versionKey,
    String provider,
    String messageFormat,
    Function<List<Json>, String> reader) {
  String text(List<Json> content) {
    return reader.apply(content);
  }
}
