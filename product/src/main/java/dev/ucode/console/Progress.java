package dev.ucode.console;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Steps of something that takes a while. On a terminal the line of the running step becomes the
 * line of the finished one; elsewhere each step is a plain line when it begins.
 */
public final class Progress implements AutoCloseable {
  private static final Duration WORTH_TELLING = Duration.ofMillis(500);

  private final Output out;
  private @Nullable String running;
  private long since;

  Progress(Output out) {
    this.out = out;
  }

  /** A step begins, and the one before has ended well. */
  public void step(String what) {
    done();
    String text = Text.oneLine(what);
    running = text;
    since = System.nanoTime();
    if (out.isTerminal()) {
      out.print(Text.fit("… " + text, out.width() - 1));
      out.flush();
    } else {
      out.line(text);
    }
  }

  /** The running step has ended well. */
  public void done() {
    String what = running;
    if (what == null) {
      return;
    }
    running = null;
    if (out.isTerminal()) {
      Duration took = Duration.ofNanos(System.nanoTime() - since);
      String time =
          took.compareTo(WORTH_TELLING) < 0
              ? ""
              : String.format(Locale.ROOT, "  %.1f s", took.toMillis() / 1000.0);
      clear();
      out.line(
          Text.fit(out.paint().green("✔") + " " + what + out.paint().dim(time), out.width() - 1));
    }
  }

  /** The running step has failed, or it does not matter any more how it ended. */
  @Override
  public void close() {
    if (running != null) {
      running = null;
      if (out.isTerminal()) {
        clear();
        out.flush();
      }
    }
  }

  private void clear() {
    out.print("\r\u001b[K");
  }
}
