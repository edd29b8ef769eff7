package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.fault.FaultKind;
import dev.ucode.sandbox.http.Json;
import java.io.IOException;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fault add|list|clear}. */
@Command(
    name = "fault",
    description = "Make requests go wrong, on purpose.",
    subcommands = {FaultCommand.Add.class, FaultCommand.Show.class, FaultCommand.Clear.class},
    footer = {
      "",
      "Examples:",
      "  ucode sandbox fault add status '/api/2.0/otel/*' --status 503 --times 3",
      "  ucode sandbox fault add late-visibility '/api/2.0/otel/*' --delay 5s",
      "  ucode sandbox fault add cut-after-commit '*' --probability 0.2 --seed 7",
      "  ucode sandbox fault list",
      "  ucode sandbox fault clear"
    })
final class FaultCommand extends SandboxCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** {@code fault add}. */
  @Command(name = "add", description = "Switch a fault on.", footerHeading = "%nKinds:%n")
  static final class Add extends SandboxCommand {
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m)?");

    /** The words of the kinds. */
    static final class Kinds implements Iterable<String> {
      @Override
      public Iterator<String> iterator() {
        return Stream.of(FaultKind.values()).map(FaultKind::word).iterator();
      }
    }

    @Parameters(
        index = "0",
        paramLabel = "KIND",
        completionCandidates = Kinds.class,
        description = "${COMPLETION-CANDIDATES}")
    String kind = "";

    @Parameters(
        index = "1",
        paramLabel = "PATH",
        description = "Which requests, with * for any characters: '/api/2.0/otel/*'.")
    String path = "*";

    @Option(names = "--method", paramLabel = "M", description = "Only this HTTP method.")
    @Nullable String method;

    @Option(names = "--status", paramLabel = "N", description = "The status that is answered.")
    @Nullable Integer status;

    @Option(names = "--delay", paramLabel = "D", description = "How long: 500ms, 2s, 1m.")
    @Nullable String delay;

    @Option(names = "--rows", paramLabel = "N", description = "How many rows are refused.")
    @Nullable Integer rows;

    @Option(names = "--times", paramLabel = "N", description = "Only the next N requests.")
    @Nullable Integer times;

    @Option(names = "--after", paramLabel = "N", description = "Let N requests pass first.")
    @Nullable Integer after;

    @Option(names = "--probability", paramLabel = "P", description = "Only some, 0 to 1.")
    @Nullable Double probability;

    @Option(names = "--seed", paramLabel = "N", description = "Which ones: the same for a seed.")
    @Nullable Long seed;

    @Override
    public Integer call() throws IOException {
      ObjectNode wish = Json.object().put("kind", kind).put("path", path);
      put(wish, "method", method);
      if (status != null) {
        wish.put("status", status);
      }
      if (delay != null) {
        wish.put("delay_ms", millis(delay));
      }
      if (rows != null) {
        wish.put("rows", rows);
      }
      if (times != null) {
        wish.put("times", times);
      }
      if (after != null) {
        wish.put("after", after);
      }
      if (probability != null) {
        wish.put("probability", probability);
      }
      if (seed != null) {
        wish.put("seed", seed);
      }
      JsonNode made = admin().post("/sandbox/faults", wish);
      terminal.line("Fault " + made.path("id").asText() + " is on.");
      return 0;
    }

    private static void put(ObjectNode wish, String name, @Nullable String value) {
      if (value != null) {
        wish.put(name, value);
      }
    }

    /** Milliseconds of {@code 500ms}, {@code 2s}, {@code 1m}; a bare number is seconds. */
    static long millis(String text) {
      Matcher matcher = DURATION.matcher(text);
      if (!matcher.matches()) {
        throw new Failure("'" + text + "' is no duration", null, "write 500ms, 2s or 1m");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> number;
        case "m" -> number * 60_000;
        case null, default -> number * 1000;
      };
    }
  }

  /** {@code fault list}. */
  @Command(name = "list", description = "Show the faults that are on, and how often each struck.")
  static final class Show extends SandboxCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws IOException {
      JsonNode answer = admin().get("/sandbox/faults");
      if (json) {
        terminal.json(answer);
        return 0;
      }
      if (answer.path("faults").isEmpty()) {
        terminal.line("No fault is on.");
      }
      for (JsonNode fault : answer.path("faults")) {
        terminal.line(
            "%3s  %-20s %s  struck %s of %s"
                .formatted(
                    fault.path("id").asText(),
                    fault.path("kind").asText(),
                    fault.path("path").asText("*"),
                    fault.path("hits").asText(),
                    fault.path("seen").asText()));
      }
      return 0;
    }
  }

  /** {@code fault clear}. */
  @Command(name = "clear", description = "Switch one fault off, or all of them.")
  static final class Clear extends SandboxCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "Only this one.")
    @Nullable String id;

    @Override
    public Integer call() throws IOException {
      admin().delete("/sandbox/faults" + (id == null ? "" : "/" + id));
      terminal.line(id == null ? "All faults are off." : "Fault " + id + " is off.");
      return 0;
    }
  }
}
