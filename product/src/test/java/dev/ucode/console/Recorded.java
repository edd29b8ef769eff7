package dev.ucode.console;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A console whose output is kept. */
public final class Recorded {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console;

  private Recorded(boolean terminal, boolean colour, int width) {
    this.console =
        new Console(
            new Output(stream(out), terminal, colour, () -> width),
            new Output(stream(err), terminal, colour, () -> width));
  }

  /** Neither stream is a terminal. */
  public static Recorded piped() {
    return new Recorded(false, false, 80);
  }

  /** Both are one, without colours. */
  public static Recorded terminal(int width) {
    return new Recorded(true, false, width);
  }

  /** Both are one. */
  public static Recorded coloured(int width) {
    return new Recorded(true, true, width);
  }

  public Console console() {
    return console;
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
