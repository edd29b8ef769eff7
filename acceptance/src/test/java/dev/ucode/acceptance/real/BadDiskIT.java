package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our folder on a disk of its own that fills up or turns read-only. Needs root, for the mount. */
@Tag("real")
class BadDiskIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private interface Step {
    void run() throws IOException;
  }

  @Test
  void aFullDiskNeverStopsTheAgentAndNothingIsLost() throws IOException {
    Path filler = folder.resolve("person/home/.ucode/filler");
    aTurnIsHadOnABadDisk(() -> fill(filler), () -> Files.delete(filler));
  }

  @Test
  void aReadOnlyDiskNeverStopsTheAgentAndNothingIsLost() throws IOException {
    Path ours = folder.resolve("person/home/.ucode");
    aTurnIsHadOnABadDisk(
        () -> command(0, "mount", "-o", "remount,ro", ours.toString()),
        () -> command(0, "mount", "-o", "remount,rw", ours.toString()));
  }

  private void aTurnIsHadOnABadDisk(Step spoil, Step heal) throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    try (World world = World.start(folder, "330", null)) {
      Person person = world.person();
      Path ours = person.home().resolve(".ucode");
      Files.createDirectories(ours);
      command(0, "mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", ours.toString());
      try {
        person.configured();
        String session = UUID.randomUUID().toString();
        person.turn("SCN:simple first", "--session-id", session).expect(0);
        world.traces(session, 1);
        endWorkers(person); // or it holds files open, and a read-only remount is refused

        spoil.run();
        Program.Ended turn = person.turn("SCN:simple second", "--resume", session);
        assertThat(turn.exit()).as(turn.err()).isZero();
        assertThat(turn.out()).contains("This is a simple text turn");
        endWorkers(person);
        heal.run();

        person.turn("SCN:simple third", "--resume", session).expect(0);
        assertThat(world.traces(session, 3)).hasSize(3);
        assertThat(world.landed().duplicates()).isEmpty();
      } finally {
        person.close();
        command(0, "umount", "-l", ours.toString());
      }
    }
  }

  private static void endWorkers(Person person) {
    person.workers().forEach(worker -> Program.signal(worker, "TERM"));
    Until.holds("no worker runs", World.SOON, () -> person.workers().isEmpty());
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static void command(int expected, String... words) {
    List<String> all = new ArrayList<>(List.of("/usr/bin/env"));
    all.addAll(List.of(words));
    Program.start(all, Path.of("/"), Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"))
        .ended(Duration.ofSeconds(20))
        .expect(expected);
  }
}
