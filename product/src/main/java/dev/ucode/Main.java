package dev.ucode;

import java.util.List;

/** Entry point: machine verbs go straight to their room, people's commands to the command line. */
public final class Main {
  private Main() {}

  /** Runs one command; its exit code is the process's. */
  public static void main(String[] args) {
    System.exit(new App(() -> Runtime.getRuntime().halt(137)).run(List.of(args)));
  }
}
