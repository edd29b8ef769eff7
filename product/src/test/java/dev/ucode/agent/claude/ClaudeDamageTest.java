package dev.ucode.agent.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceUpdate;
import dev.ucode.transcript.Closing;
import dev.ucode.transcript.Cursor;
import dev.ucode.transcript.SessionFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Damage anywhere in a transcript throws nothing and costs no turn that was whole before it. */
class ClaudeDamageTest {
  private static final List<Path> FILES = files();

  @Property(tries = 150)
  void damageCostsOnlyWhatIsDamaged(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path file = FILES.get(random.nextInt(FILES.size()));
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    Path copy = Files.createTempDirectory("damage").resolve(file.getFileName());
    try {
      Files.write(copy, damaged(bytes, at, random));
      List<Trace> damaged = traces(copy);
      for (Trace trace : whole(file, at)) {
        assertThat(damaged).as(file + " damaged at " + at).contains(trace);
      }
    } finally {
      Files.delete(copy);
      Files.delete(copy.getParent());
    }
  }

  /** The turns that had closed before an offset, by a record of their own or the next prompt. */
  private static List<Trace> whole(Path file, int before) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Path folder = Files.createTempDirectory("whole");
    Path copy = folder.resolve(file.getFileName());
    try {
      Files.write(copy, Arrays.copyOf(bytes, before));
      Recorded.Ledger ledger = new Recorded.Ledger();
      Recorded.read(Recorded.session(copy), Cursor.START, Closing.OPEN, ledger);
      return traces(ledger);
    } finally {
      Files.delete(copy);
      Files.delete(folder);
    }
  }

  private static List<Trace> traces(Path file) throws IOException {
    SessionFile session = Recorded.session(file);
    Recorded.Ledger ledger = new Recorded.Ledger();
    Recorded.read(session, Cursor.START, Closing.ENDED, ledger);
    return traces(ledger);
  }

  private static List<Trace> traces(Recorded.Ledger ledger) {
    List<Trace> traces = new ArrayList<>();
    for (TraceUpdate update : ledger.updates) {
      if (update instanceof TraceUpdate.Closed(Trace trace)) {
        traces.add(trace);
      }
    }
    return traces;
  }

  private static byte[] damaged(byte[] bytes, int at, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    int length = 1 + random.nextInt(random.nextBoolean() ? 3 : 3000);
    switch (random.nextInt(4)) {
      case 0 -> { // overwritten
        byte[] noise = new byte[Math.min(length, bytes.length - at)];
        random.nextBytes(noise);
        out.writeBytes(noise);
        out.write(bytes, at + noise.length, bytes.length - at - noise.length);
      }
      case 1 -> { // lost
        int to = Math.min(bytes.length, at + length);
        out.write(bytes, to, bytes.length - to);
      }
      case 2 -> { // zeros, as after a crash
        out.writeBytes(new byte[length]);
        out.write(bytes, at, bytes.length - at);
      }
      default -> {} // cut off
    }
    return out.toByteArray();
  }

  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      for (Path scenario : Recorded.scenarios()) {
        files.addAll(Recorded.mainFiles(scenario));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return files;
  }
}
