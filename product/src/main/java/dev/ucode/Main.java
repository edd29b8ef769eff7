package dev.ucode;

/** Entry point: machine verbs go straight to their room, people's commands to picocli. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
