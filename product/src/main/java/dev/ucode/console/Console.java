package dev.ucode.console;

import dev.ucode.os.Environment;
import dev.ucode.os.Programs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The terminal, or what stands in its place.
 *
 * @param out for results: what a pipe should get
 * @param err for errors and progress
 */
public record Console(Output out, Output err) {
  private static final int WIDTH = 80;
  private static final int NARROWEST = 20;

  /**
   * The process's own streams.
   *
   * @param terminals the digits of those among the descriptors 0, 1 and 2 that are terminals, as
   *     the launcher script found them
   */
  public static Console ofProcess(Environment env, Programs programs, String terminals) {
    IntSupplier width = once(() -> width(env, programs));
    boolean out = terminals.contains("1");
    boolean err = terminals.contains("2");
    return new Console(
        new Output(utf8(System.out), out, out && isColourWanted(env), width),
        new Output(utf8(System.err), err, err && isColourWanted(env), width));
  }

  /** Shows what is being done, on the error stream. */
  public Progress progress() {
    return new Progress(err);
  }

  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** See no-color.org; a terminal that can do nothing says so in {@code TERM}. */
  private static boolean isColourWanted(Environment env) {
    return env.present("NO_COLOR") == null && !"dumb".equals(env.present("TERM"));
  }

  private static int width(Environment env, Programs programs) {
    String columns = env.present("COLUMNS");
    if (columns == null) {
      columns = terminalColumns(programs);
    }
    if (!columns.matches("[1-9]\\d{0,4}")) {
      return WIDTH;
    }
    return Math.max(NARROWEST, Integer.parseInt(columns));
  }

  private static String terminalColumns(Programs programs) {
    try {
      Programs.Outcome stty =
          programs.run(
              List.of("/bin/sh", "-c", "stty size < /dev/tty"),
              Map.of(),
              Path.of("/"),
              Duration.ofSeconds(1));
      String[] rowsAndColumns = stty.out().strip().split(" ", -1);
      return rowsAndColumns.length == 2 ? rowsAndColumns[1] : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static IntSupplier once(IntSupplier expensive) {
    int[] known = {0};
    return () -> {
      if (known[0] == 0) {
        known[0] = expensive.getAsInt();
      }
      return known[0];
    };
  }
}
