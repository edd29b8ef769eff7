package dev.ucode.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at a chosen step, as a loss of power would: how tests see that a worker may die
 * anywhere. Without the variables below nobody takes notice of steps.
 *
 * <p>{@code UCODE_STOP_AT} is the number of the step, counted over all of them from 1 ({@code 17}),
 * or its name, and which time it is reached ({@code request.sent}, {@code end.committed:2}). {@code
 * UCODE_STEPS} names a file that the steps are written to, a line each.
 */
public final class StopAt implements Steps {
  private final @Nullable String name;
  private final int count;
  private final @Nullable Path record;
  private final Runnable end;
  private final Map<String, Integer> times = new HashMap<>();
  private int all;

  private StopAt(@Nullable String name, int count, @Nullable Path record, Runnable end) {
    this.name = name;
    this.count = count;
    this.record = record;
    this.end = end;
  }

  /**
   * What the environment asks for.
   *
   * @param end ends the process at once; it does not return
   */
  public static Steps of(Environment env, Runnable end) {
    String at = env.present("UCODE_STOP_AT");
    String record = env.present("UCODE_STEPS");
    if (at == null && record == null) {
      return UNWATCHED;
    }
    Path file = record == null ? null : Path.of(record);
    if (at == null) {
      return new StopAt(null, 0, file, end);
    }
    if (at.matches("\\d{1,9}")) {
      return new StopAt(null, Integer.parseInt(at), file, end);
    }
    int colon = at.lastIndexOf(':');
    return colon > 0 && at.substring(colon + 1).matches("\\d{1,9}")
        ? new StopAt(at.substring(0, colon), Integer.parseInt(at.substring(colon + 1)), file, end)
        : new StopAt(at, 1, file, end);
  }

  @Override
  public synchronized void reached(String step) {
    all++;
    int time = times.merge(step, 1, Integer::sum);
    if (record != null) {
      write(record, step);
    }
    if (name == null ? all == count : name.equals(step) && time == count) {
      end.run();
    }
  }

  private static void write(Path file, String step) {
    try (FileChannel out =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(AtomicFiles.PRIVATE))) {
      out.write(ByteBuffer.wrap((step + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a test that watches steps must not miss one
    }
  }
}
