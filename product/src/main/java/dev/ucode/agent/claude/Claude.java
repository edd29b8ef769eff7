package dev.ucode.agent.claude;

import dev.ucode.agent.Agent;
import dev.ucode.agent.AgentContext;
import dev.ucode.agent.EnvValue;
import dev.ucode.agent.Installed;
import dev.ucode.agent.LaunchPlan;
import dev.ucode.agent.Product;
import dev.ucode.agent.Traceable;
import dev.ucode.agent.Tracing;
import dev.ucode.config.ChangeSet;
import dev.ucode.config.FileEdit;
import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.json.JsonWriter;
import dev.ucode.name.AgentId;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.transcript.TranscriptReader;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claude Code. */
public final class Claude implements Traceable {
  private static final Product PRODUCT =
      new Product("Claude Code", "claude", "@anthropic-ai/claude-code");

  @Override
  public AgentId id() {
    return AgentId.CLAUDE;
  }

  @Override
  public Product product() {
    return PRODUCT;
  }

  @Override
  public boolean servedBy(Models models) {
    return Stream.of("opus", "sonnet", "haiku").anyMatch(models.claude()::containsKey);
  }

  @Override
  public TranscriptReader reader() {
    return new ClaudeTranscriptReader();
  }

  /** Our settings file for it; never one in {@code ~/.claude}. */
  @Override
  public ChangeSet configure(AgentContext context) {
    return ChangeSet.of(new FileEdit.Own(named(context), text(ClaudeSettings.of(context)), false));
  }

  @Override
  public LaunchPlan plan(AgentContext context, List<String> args) {
    Installed installed = context.installed();
    if (installed == null) {
      throw new UserException(
          Problem.failure(
              "Claude Code is not installed: there is no 'claude' on PATH",
              null,
              "npm install -g " + PRODUCT.npmPackage()));
    }
    Arguments arguments = Arguments.of(args, context.environment().workingDirectory());
    Json.Obj settings = ClaudeSettings.of(context);
    if (arguments.settings() != null) {
      settings = ClaudeSettings.over(arguments.settings(), settings);
    }
    Settings file = place(context, settings);
    List<String> words = new ArrayList<>(List.of("--settings", file.path().toString()));
    words.addAll(arguments.rest());
    return new LaunchPlan(
        id(),
        installed.binary(),
        words,
        environment(context),
        file.edits(),
        LaunchPlan.Handover.EXEC,
        List.of());
  }

  @Override
  public Agent.Trial trial(AgentContext context, String prompt) {
    Installed installed = context.installed();
    Settings file = place(context, ClaudeSettings.of(context.withTracing(Tracing.OFF)));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(SignIns.LAUNCHED_FOR, context.workspace().value());
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    return new Agent.Trial(
        List.of(
            installed == null ? PRODUCT.binary() : installed.binary().toString(),
            "--settings",
            file.path().toString(),
            "-p",
            prompt,
            "--max-turns",
            "1",
            "--tools=", // a model that would rather call one than speak needs a second turn
            "--no-session-persistence"),
        environment,
        file.edits());
  }

  @Override
  public List<String> warnings(AgentContext context) {
    String named = context.environment().present("CLAUDE_CONFIG_DIR");
    Path folder = named == null ? context.environment().home().resolve(".claude") : Path.of(named);
    Path file = folder.resolve("settings.json");
    Json settings;
    try {
      settings = JsonReader.parseLenient(Files.readString(file));
    } catch (IOException none) {
      return List.of();
    }
    List<String> warnings = new ArrayList<>();
    if (settings.isTrue("disableAllHooks")) {
      warnings.add(
          file + " has disableAllHooks: no hook of ours will run, and turns are found only later");
    }
    Json hooks = settings.get("hooks");
    for (Json group : hooks == null ? List.<Json>of() : hooks.items("Stop")) {
      for (Json hook : group.items("hooks")) {
        if (hook.text("command", "").strip().endsWith(ClaudeSettings.MLFLOW_HOOK)) {
          warnings.add(
              file
                  + " has a hook of MLflow's: its turns are traced twice; remove the Stop hook '"
                  + hook.text("command")
                  + "'");
        }
      }
    }
    return warnings;
  }

  private static Map<String, EnvValue> environment(AgentContext context) {
    return Map.of(SignIns.LAUNCHED_FOR, new EnvValue.Plain(context.workspace().value()));
  }

  /** A settings file, and what must be done for it to be there. */
  private record Settings(Path path, ChangeSet edits) {}

  /**
   * The named file where it says just this; else one named after its content, so that two launches
   * that differ never write the same file.
   */
  private static Settings place(AgentContext context, Json.Obj settings) {
    String text = text(settings);
    Path named = named(context);
    if (says(named, text)) {
      return new Settings(named, ChangeSet.NONE);
    }
    Path own = context.folders().launch().resolve("claude-" + digest(text) + ".json");
    return new Settings(
        own, says(own, text) ? ChangeSet.NONE : ChangeSet.of(new FileEdit.Own(own, text, false)));
  }

  private static boolean says(Path file, String text) {
    try {
      return Files.readString(file).equals(text);
    } catch (IOException none) {
      return false;
    }
  }

  private static Path named(AgentContext context) {
    return context.folders().agents().resolve("claude").resolve("settings.json");
  }

  private static String text(Json.Obj settings) {
    return JsonWriter.pretty(settings);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The person's arguments with their own settings taken out: Claude Code honours one {@code
   * --settings} alone, and ours is that one.
   *
   * @param settings what all of theirs say together, later ones above; null where there is none
   */
  private record Arguments(List<String> rest, Json.@Nullable Obj settings) {
    private static final String OPTION = "--settings";

    static Arguments of(List<String> args, Path folder) {
      List<String> rest = new ArrayList<>();
      Json.Obj settings = null;
      for (int i = 0; i < args.size(); i++) {
        String word = args.get(i);
        if (word.equals("--")) {
          rest.addAll(args.subList(i, args.size()));
          break;
        }
        String value = null;
        if (word.equals(OPTION) && i + 1 < args.size()) {
          value = args.get(++i);
        } else if (word.startsWith(OPTION + "=")) {
          value = word.substring(OPTION.length() + 1);
        }
        if (value == null) {
          rest.add(word);
          continue;
        }
        Json.Obj read = read(value, folder);
        settings = settings == null ? read : ClaudeSettings.over(settings, read);
      }
      return new Arguments(List.copyOf(rest), settings);
    }

    private static Json.Obj read(String value, Path folder) {
      boolean inline = value.strip().startsWith("{");
      String name = inline ? "the JSON given with --settings" : value;
      try {
        String text = inline ? value : Files.readString(folder.resolve(value));
        if (JsonReader.parseLenient(text) instanceof Json.Obj settings) {
          return settings;
        }
        throw refused(name, "it is not a JSON object", null);
      } catch (JsonSyntaxException e) {
        throw refused(name, "line " + e.line() + ", column " + e.column() + " is not JSON", e);
      } catch (IOException | InvalidPathException e) {
        throw refused(name, "the file cannot be read", e);
      }
    }

    private static UserException refused(String name, String why, @Nullable Exception cause) {
      return new UserException(
          Problem.failure(
              "cannot use " + name + " as settings", why, "correct it, or leave it out"),
          cause);
    }
  }
}
