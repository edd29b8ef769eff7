package dev.ucode.launch;

import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person typed after {@code ucode <agent>}, taken apart. Our own options may stand anywhere
 * before {@code --}; everything else is the agent's, in order. The first {@code --} is dropped and
 * what follows it is the agent's word for word.
 *
 * @param workspace address to launch against instead of the current one, as typed
 * @param model a model's id to use for every family of the agent's models
 * @param skipPreflight use what is known of the workspace, whatever its age
 * @param dryRun show the plan and start nothing
 * @param help show our help of the agent's command
 * @param agentArgs the agent's own arguments
 */
public record LaunchRequest(
    @Nullable String workspace,
    @Nullable String model,
    boolean skipPreflight,
    boolean dryRun,
    boolean help,
    List<String> agentArgs) {
  /** Options of the program this one follows that must not reach the agent. */
  private static final Map<String, String> LATER =
      Map.of(
          "--provider", "launching through a model provider service",
          "--enable-smart-routing", "smart routing",
          "--disable-smart-routing", "smart routing");

  public LaunchRequest {
    agentArgs = List.copyOf(agentArgs);
  }

  /**
   * Takes the words apart.
   *
   * @throws UserException where one of our options lacks its value, or is not in this version
   */
  public static LaunchRequest parse(List<String> words) {
    String workspace = null;
    String model = null;
    boolean skipPreflight = false;
    boolean dryRun = false;
    boolean help = false;
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        rest.addAll(words.subList(i + 1, words.size()));
        break;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      String later = LATER.get(name);
      if (later != null) {
        throw new UserException(
            Problem.usage(
                later + " is not in this version",
                null,
                "leave '" + name + "' out; after '--' the agent gets it: -- " + name));
      }
      switch (name) {
        case "--workspace", "--model" -> {
          String value = equals < 0 ? next(words, i, name) : word.substring(equals + 1);
          if (value.isBlank()) {
            throw missing(name);
          }
          i += equals < 0 ? 1 : 0;
          if (name.equals("--workspace")) {
            workspace = value;
          } else {
            model = value;
          }
        }
        case "--skip-preflight" -> skipPreflight = true;
        case "--dry-run" -> dryRun = true;
        case "--skip-managed-config" -> {
          // There is no managed configuration yet: nothing to skip.
        }
        case "-h", "--help" -> help = true;
        default -> rest.add(word);
      }
    }
    return new LaunchRequest(workspace, model, skipPreflight, dryRun, help, rest);
  }

  private static String next(List<String> words, int at, String name) {
    if (at + 1 >= words.size() || words.get(at + 1).equals("--")) {
      throw missing(name);
    }
    return words.get(at + 1);
  }

  private static UserException missing(String name) {
    String example = name.equals("--workspace") ? "https://acme.cloud.databricks.com" : "<id>";
    return new UserException(
        Problem.usage(name + " needs a value", null, "for example: " + name + " " + example));
  }
}
