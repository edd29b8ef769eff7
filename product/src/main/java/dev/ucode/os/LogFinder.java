package dev.ucode.os;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Leads {@link System.Logger} to our one file, without java.util.logging, whose start costs a
 * command tens of milliseconds. Found by name through {@code META-INF/services}; until the program
 * has said where, nothing is written.
 */
public final class LogFinder extends System.LoggerFinder {
  private static volatile @Nullable LogFile target;

  /** From now on every logger of this process writes there. */
  public static void writeTo(LogFile file) {
    target = file;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new FileLogger(name);
  }

  private record FileLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      LogFile file = target;
      return file != null && file.takes(level);
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      LogFile file = target;
      if (file != null) {
        file.write(level, name, String.valueOf(message), thrown);
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object... params) {
      LogFile file = target;
      if (file != null && file.takes(level)) {
        String text = String.valueOf(format);
        file.write(
            level, name, params.length == 0 ? text : MessageFormat.format(text, params), null);
      }
    }
  }
}
