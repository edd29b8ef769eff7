package dev.ucode.sandbox.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A short piece of honest work for a demonstration: says what it will do, writes a script, runs it,
 * has a subagent check the result, and sums up what the tools really said. A subagent may work in
 * the foreground (its answer is the tool's result) or in the background (a notification brings its
 * answer later).
 */
final class DemoScenario implements Scenario {
  private static final String SCRIPT =
      """
      #!/bin/sh
      # Prints the prime numbers below a limit (default 50).
      limit=${1:-50}
      n=2
      while [ "$n" -lt "$limit" ]; do
        d=2
        prime=1
        while [ $((d * d)) -le "$n" ]; do
          if [ $((n % d)) -eq 0 ]; then prime=0; break; fi
          d=$((d + 1))
        done
        if [ "$prime" -eq 1 ]; then echo "$n"; fi
        n=$((n + 1))
      done
      """;

  /** What the subagent's last words look like ({@code demo-check.json}). */
  private static final Pattern VERDICT = Pattern.compile("[Cc]ounted independently: \\d+ [^.]*\\.");

  @Override
  public Move move(Conversation conversation) {
    Speech speech = new Speech(conversation);
    return switch (conversation.step()) {
      case 0 ->
          speech
              .think("A small script, a run of it, and an independent check by a subagent.")
              .say(
                  "I will write a small script that prints prime numbers, run it, and have a"
                      + " subagent check the result.")
              .act(new Action.Write(conversation.path("primes.sh"), SCRIPT))
              .done();
      case 1 ->
          speech
              .say("The script is there. Now I run it.")
              .act(new Action.Shell("sh primes.sh 50 | tr '\\n' ' '"))
              .done();
      case 2 ->
          speech
              .say("It printed: %s. A subagent shall check that.".formatted(conversation.output()))
              .act(
                  new Action.Task(
                      "Check the primes",
                      "SCN:demo-check Count independently how many primes primes.sh finds below"
                          + " 50."))
              .done();
      default -> speech.say(report(conversation)).done();
    };
  }

  private static String report(Conversation conversation) {
    String said = conversation.output();
    boolean stillRunning = said.contains("launched") && said.contains("background");
    if (stillRunning) {
      return "The subagent is checking in the background; I will report when it is done.";
    }
    String everything = said + "\n" + String.join("\n", conversation.machineText());
    Matcher verdict = VERDICT.matcher(everything);
    return verdict.find()
        ? "Done: primes.sh is written and runs. The subagent agrees: " + verdict.group()
        : "Done: primes.sh is written and runs. The subagent came back without a count.";
  }
}
