package dev.ucode.console;

import java.io.PrintStream;
import java.util.function.IntSupplier;

/** One of the two streams a person reads. */
public final class Output {
  private final PrintStream stream;
  private final boolean terminal;
  private final Paint paint;
  private final IntSupplier width;

  /**
   * @param terminal whether a person sits before it
   * @param width the terminal's columns, asked for once at most
   */
  public Output(PrintStream stream, boolean terminal, boolean colour, IntSupplier width) {
    this.stream = stream;
    this.terminal = terminal;
    this.paint = new Paint(colour);
    this.width = width;
  }

  /** Prints a line. What came from outside must have been through {@link Text#safe}. */
  public void line(String text) {
    stream.print(text + "\n"); // one write, and the same line end everywhere
  }

  /** Prints an empty line. */
  public void line() {
    line("");
  }

  /** Prints as it is. */
  public void print(String text) {
    stream.print(text);
  }

  /** Sends everything printed so far on its way. */
  public void flush() {
    stream.flush();
  }

  public boolean isTerminal() {
    return terminal;
  }

  public Paint paint() {
    return paint;
  }

  /** The columns there are; on anything but a terminal, as many as one likes. */
  public int width() {
    return terminal ? width.getAsInt() : Integer.MAX_VALUE;
  }
}
