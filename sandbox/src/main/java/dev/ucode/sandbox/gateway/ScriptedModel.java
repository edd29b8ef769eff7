package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The model behind the gateway. It keeps no session: the prompt's {@code SCN:<name>} picks the
 * scenario and the number of answers since picks the step. The one thing it remembers is how often
 * a step has failed, for scenarios that fail a few times and then recover.
 */
public final class ScriptedModel {
  private static final String SCENARIOS = "scenarios/";

  private final Map<String, ScriptedScenario> scripts = new LinkedHashMap<>();
  private final Map<String, Scenario> programs = Map.of("demo", new DemoScenario());
  private final Scenario ordinary = new OrdinaryPrompt();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();

  /** Reads every scenario's data file. */
  public ScriptedModel() {
    ObjectMapper mapper = new ObjectMapper();
    for (String name : resource(SCENARIOS + "index.txt").lines().toList()) {
      try {
        JsonNode script = mapper.readTree(resource(SCENARIOS + name + ".json"));
        scripts.put(name, new ScriptedScenario(name, script));
      } catch (IOException e) {
        throw new UncheckedIOException("scenario " + name, e);
      }
    }
  }

  /** The names of all scenarios. */
  public List<String> scenarios() {
    return java.util.stream.Stream.concat(scripts.keySet().stream(), programs.keySet().stream())
        .sorted()
        .toList();
  }

  /**
   * What the model does with a request.
   *
   * @param session whose failures to remember together: the agent's session id, or any constant
   */
  public Move move(MessagesRequest request, Conversation conversation, String session) {
    Optional<Move> side = SideTask.move(request, conversation);
    if (side.isPresent()) {
      return side.get();
    }
    Optional<String> name = conversation.scenario();
    if (name.isEmpty()) {
      return ordinary.move(conversation);
    }
    Scenario program = programs.get(name.get());
    if (program != null) {
      return program.move(conversation);
    }
    ScriptedScenario script = scripts.get(name.get());
    if (script == null) {
      return new Speech(conversation)
          .say(
              "There is no scenario '%s'. There are: %s"
                  .formatted(name.get(), String.join(", ", scenarios())))
          .done();
    }
    String step = String.join("\n", session, conversation.prompt(), "" + conversation.step());
    Move move = script.move(conversation, failures.getOrDefault(step, 0));
    if (move instanceof Move.Refusal) {
      failures.merge(step, 1, Integer::sum);
    } else {
      failures.remove(step);
    }
    return move;
  }

  private static String resource(String name) {
    try (InputStream in = ScriptedModel.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
