package dev.ucode.demo;

import dev.ucode.json.Json;
import dev.ucode.json.JsonReader;
import dev.ucode.json.JsonSyntaxException;
import dev.ucode.os.AtomicFiles;
import dev.ucode.os.Environment;
import dev.ucode.os.Programs;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tour: a local stand-in workspace, Claude Code configured against it, one real headless
 * session with tools and a subagent. Every step is a command of this very distribution that a
 * person could type, run with a home of its own, so that nothing of the person's is read or
 * written.
 */
public final class Demo {
  /** What the sandbox's scripted model knows what to do with. */
  private static final String PROMPT =
      "SCN:demo Write a script that prints the primes below 50, run it, have a subagent check it.";

  /** Named, because an old Node would otherwise be given an old Claude Code. */
  private static final String PACKAGE = "@anthropic-ai/claude-code@2.1.330";

  private static final String SANDBOX = "demo";

  /** Variables that would lead a step out of the private home. */
  private static final List<String> FORGOTTEN =
      List.of(
          "ANTHROPIC_API_KEY",
          "ANTHROPIC_AUTH_TOKEN",
          "ANTHROPIC_BASE_URL",
          "ANTHROPIC_CUSTOM_HEADERS",
          "ANTHROPIC_MODEL",
          "CLAUDECODE",
          "CLAUDE_CODE_ENTRYPOINT",
          "CLAUDE_CODE_OAUTH_TOKEN",
          "CLAUDE_CODE_SSE_PORT",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_VERTEX",
          "DATABRICKS_BEARER",
          "DATABRICKS_CLIENT_ID",
          "DATABRICKS_CLIENT_SECRET",
          "DATABRICKS_CONFIG_FILE",
          "DATABRICKS_CONFIG_PROFILE",
          "DATABRICKS_HOST",
          "DATABRICKS_TOKEN",
          "MLFLOW_EXPERIMENT_ID",
          "MLFLOW_TRACKING_URI",
          "UCODE_WORKSPACE");

  private final Environment env;
  private final Programs programs;
  private final Path launcher;
  private final Path folder;
  private final Guide guide;

  /** Tells the person what happens. */
  public interface Guide {
    /** A step begins. */
    void step(String what);

    /** A command that is about to be run, as the person could type it. */
    void command(String line);

    /** What it printed. */
    void printed(String text);
  }

  /**
   * @param launcher this distribution's own
   * @param folder everything of the demo lies in it
   */
  public Demo(Environment env, Programs programs, Path launcher, Path folder, Guide guide) {
    this.env = env;
    this.programs = programs;
    this.launcher = launcher;
    this.folder = folder;
    this.guide = guide;
  }

  /** Where the steps find their things; everything is below the demo's folder. */
  public Path ucodeHome() {
    return folder.resolve("ucode");
  }

  /** The folder the session works in. */
  public Path project() {
    return folder.resolve("project");
  }

  /** The variables by which every step, and whoever looks at the result, stays in the home. */
  public Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    FORGOTTEN.forEach(name -> variables.put(name, ""));
    variables.put("HOME", folder.resolve("home").toString());
    variables.put("UCODE_HOME", ucodeHome().toString());
    variables.put("UCODE_SANDBOX_HOME", folder.resolve("sandbox").toString());
    variables.put("CLAUDE_CONFIG_DIR", folder.resolve("claude").toString());
    variables.put("DISABLE_AUTOUPDATER", "1");
    variables.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    if (System.getProperty("user.name", "").equals("root")) {
      variables.put("IS_SANDBOX", "1"); // Claude Code asks for it where it is run by root
    }
    String path = env.present("PATH");
    variables.put("PATH", npmBin() + (path == null ? "" : ":" + path));
    return variables;
  }

  private Path npmBin() {
    return folder.resolve("npm").resolve("node_modules").resolve(".bin");
  }

  /**
   * Runs the tour up to the end of the session.
   *
   * @throws UserException where a step fails
   */
  public void run() {
    try {
      makeHome();
      startSandbox();
      findClaude();
      guide.step("configuring Claude Code with tracing");
      ucode(
          Duration.ofMinutes(2),
          "configure",
          "--profiles",
          "demo",
          "--agents",
          "claude",
          "--tracing",
          "--skip-validate");
      guide.step("running a real Claude Code session, with tools and a subagent");
      ucode(Duration.ofMinutes(3), "claude", "-p", PROMPT, "--dangerously-skip-permissions");
    } catch (IOException e) {
      throw new UserException(
          Problem.failure(
              "the demo cannot work in " + folder,
              e.getMessage(),
              "check that the folder can be written and its disk is not full"),
          e);
    }
  }

  /** Anew each time, but for what was downloaded. */
  private void makeHome() throws IOException {
    guide.step("making a home of its own in " + folder);
    if (Files.isDirectory(folder.resolve("sandbox"))) {
      run(
          List.of(launcher.toString(), "sandbox", "stop", "--name", SANDBOX),
          Duration.ofSeconds(30));
    }
    for (String part : List.of("home", "ucode", "sandbox", "claude", "project")) {
      AtomicFiles.deleteTree(folder.resolve(part));
    }
    for (String part : List.of("home", "ucode", "sandbox", "claude", "project")) {
      AtomicFiles.createFolders(folder.resolve(part));
    }
  }

  private void startSandbox() throws IOException {
    guide.step("starting a local stand-in workspace");
    List<String> command =
        List.of(launcher.toString(), "sandbox", "start", "--name", SANDBOX, "--json");
    guide.command("ucode sandbox start --name " + SANDBOX);
    Programs.Outcome outcome = need(command, run(command, Duration.ofMinutes(1)));
    String url;
    String token;
    try {
      Json started = JsonReader.parse(outcome.out());
      url = started.text("url");
      token = started.text("token");
    } catch (JsonSyntaxException e) {
      throw new IOException("the sandbox printed no JSON", e);
    }
    if (url == null || token == null) {
      throw new IOException("the sandbox did not say where it is");
    }
    guide.printed(url);
    String profile = "[demo]\nhost = " + url + "\ntoken = " + token + "\n";
    AtomicFiles.write(
        folder.resolve("home").resolve(".databrickscfg"),
        profile.getBytes(StandardCharsets.UTF_8),
        AtomicFiles.PRIVATE);
  }

  private void findClaude() throws IOException {
    Path claude = programs.find("claude");
    if (claude == null && Files.isExecutable(npmBin().resolve("claude"))) {
      claude = npmBin().resolve("claude");
    }
    if (claude != null) {
      guide.step("using the Claude Code that is there: " + claude);
      return;
    }
    Path npm = programs.find("npm");
    if (npm == null) {
      throw new UserException(
          Problem.failure(
              "there is no Claude Code on PATH, and no npm to get it with",
              null,
              "install Node.js, which brings npm, or Claude Code itself; then run: ucode demo"));
    }
    Path target = folder.resolve("npm");
    guide.step("getting Claude Code from npm into " + target + " (a minute or so, once)");
    AtomicFiles.createFolders(target);
    List<String> command =
        List.of(
            npm.toString(),
            "install",
            "--prefix",
            target.toString(),
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
            PACKAGE);
    Programs.Outcome outcome = programs.run(command, Map.of(), target, Duration.ofMinutes(5));
    if (outcome.exit() != 0 || !Files.isExecutable(npmBin().resolve("claude"))) {
      throw new UserException(
          Problem.failure(
              "npm could not get Claude Code",
              last(outcome),
              "see that the npm registry can be reached, or install Claude Code yourself",
              "then run: ucode demo"));
    }
  }

  private void ucode(Duration patience, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    StringBuilder line = new StringBuilder("ucode");
    for (String word : words) {
      line.append(' ').append(word.contains(" ") ? "'" + word + "'" : word);
    }
    guide.command(line.toString());
    Programs.Outcome outcome = need(command, run(command, patience));
    guide.printed(outcome.out().strip());
  }

  private Programs.Outcome run(List<String> command, Duration patience) throws IOException {
    return programs.run(command, variables(), project(), patience);
  }

  private static Programs.Outcome need(List<String> command, Programs.Outcome outcome) {
    if (outcome.exit() == 0) {
      return outcome;
    }
    throw new UserException(
        Problem.failure(
            "this step of the demo failed: ucode "
                + String.join(" ", command.subList(1, command.size())),
            outcome.timedOut() ? "it took too long" : last(outcome),
            "run it again, or look into the demo's folder"));
  }

  private static @Nullable String last(Programs.Outcome outcome) {
    String said = (outcome.err().isBlank() ? outcome.out() : outcome.err()).strip();
    return said.isEmpty() ? null : said.length() > 1500 ? said.substring(0, 1500) + "…" : said;
  }
}
