package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers killed and servers that lie, judged by the table alone: counted by span id, nothing is
 * missing and nothing is there twice. The turns are copies of a real one, fed to the installed
 * hook.
 */
@Tag("real")
class FaultsIT {
  private static final String INGEST = "/api/2.0/otel/v1/traces";

  /** Where the outcome of a request is unknown, it is waited out before the table is asked. */
  private static final Duration IN_THE_END = Duration.ofMinutes(6);

  private static final int SPANS_OF_A_TURN = 8;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // before each
  private World world;

  @SuppressWarnings("NullAway.Init") // before each
  private Copies copies;

  @SuppressWarnings("NullAway.Init") // before each
  private Path projects;

  private int appended;

  @BeforeEach
  void aSessionToCopy() {
    world = World.start(folder, "330", null);
    world.person().configured();
    String session = UUID.randomUUID().toString();
    world.person().turn("SCN:tools please", "--session-id", session).expect(0);
    assertThat(world.traces(session, 1).getFirst().spans()).hasSize(SPANS_OF_A_TURN);
    Path transcript = find(world.person().home().resolve(".claude"), session + ".jsonl");
    projects = transcript.resolveSibling(".").normalize();
    copies = new Copies(transcript, session);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void aWorkerKilledAtTwentyFiveMomentsLosesAndDoublesNothing() {
    String session = UUID.randomUUID().toString();
    fire("UserPromptSubmit", session);
    Random random = new Random(3);
    int killed = 0;
    for (int turn = 0; killed < 25; turn++) {
      assertThat(turn).as("turns until 25 workers were killed").isLessThan(100);
      turn(session);
      // Anywhere between its start, which takes a quarter of a second, and the settled answer.
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1500)).toNanos());
      for (long worker : world.person().workers()) {
        Program.signal(worker, "KILL");
        killed++;
      }
    }
    everyTurnIsThereOnce(session);
  }

  /** Each is what a server may do to a request whose rows it has taken, or will take. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kind':'cut-after-commit','path':'%s','times':3}",
        "{'kind':'cut-before-commit','path':'%s','times':3}",
        "{'kind':'half-response','path':'%s','times':2}",
        "{'kind':'late-commit','path':'%s','delay_ms':3000,'times':2}",
        "{'kind':'late-visibility','path':'%s','delay_ms':5000,'times':3}",
        "{'kind':'partial-success','path':'%s','rows':2,'times':1}",
        "{'kind':'rate-limit','path':'%s','delay_ms':2000,'times':3}",
        "{'kind':'status','path':'%s','status':503,'times':3}",
        "{'kind':'expired-token','path':'%s','times':1}"
      })
  void aServerThatFailsLosesAndDoublesNothing(String fault) {
    String session = UUID.randomUUID().toString();
    fire("UserPromptSubmit", session);
    world.sandbox().fault(fault.replace('\'', '"').replace("%s", INGEST));
    for (int i = 0; i < 4; i++) {
      turn(session);
    }
    everyTurnIsThereOnce(session);
    assertThat(world.sandbox().struck()).as("the fault has struck").isPositive();
  }

  @Test
  void faultsAndKillsTogetherLoseAndDoubleNothing() {
    String session = UUID.randomUUID().toString();
    fire("UserPromptSubmit", session);
    world
        .sandbox()
        .fault(
            "{\"kind\":\"cut-after-commit\",\"path\":\"/api/*\",\"probability\":0.3,\"seed\":7,"
                + "\"method\":\"POST\",\"times\":12}");
    Random random = new Random(5);
    for (int i = 0; i < 12; i++) {
      turn(session);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1200)).toNanos());
      world.person().workers().forEach(worker -> Program.signal(worker, "KILL"));
    }
    everyTurnIsThereOnce(session);
  }

  @Test
  void aWorkspaceThatIsAwayKeepsNothingFromArrivingLater() {
    String session = UUID.randomUUID().toString();
    fire("UserPromptSubmit", session);
    world.sandbox().fault("{\"kind\":\"cut-before-commit\",\"path\":\"/api/*\"}");
    turn(session);
    turn(session);
    Until.holds("it was tried", World.SOON, () -> world.sandbox().struck() > 0);
    JsonNode status = statusJson();
    assertThat(status.toString()).as("what waits is shown").contains("pending");
    world.sandbox().noFaults();
    turn(session);
    everyTurnIsThereOnce(session);
  }

  private JsonNode statusJson() {
    try {
      return new ObjectMapper().readTree(world.person().ucode("status", "--json").out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn(String session) {
    fire("UserPromptSubmit", session);
    copies.append(projects.resolve(session + ".jsonl"), session, "turn " + appended++);
    fire("Stop", session);
  }

  private void everyTurnIsThereOnce(String session) {
    fire("SessionEnd", session);
    int wanted = appended;
    List<Landed.Trace> traces =
        Until.fits(
            wanted + " whole traces",
            IN_THE_END,
            () -> wholeTraces(session),
            found -> found.size() >= wanted);
    assertThat(traces).hasSize(wanted);
    assertThat(world.landed().duplicates()).isEmpty();
    for (Landed.Trace trace : traces) {
      assertThat(world.landed().spanIds(trace.id()))
          .hasSize(SPANS_OF_A_TURN)
          .doesNotHaveDuplicates();
    }
  }

  private List<Landed.Trace> wholeTraces(String session) {
    return world.traces(session).stream()
        .filter(trace -> trace.spans().size() == SPANS_OF_A_TURN)
        .toList();
  }

  /** Runs the installed hook with an event, as the agent does. */
  private void fire(String event, String session) {
    try {
      Path input = Files.createTempFile(folder, "event", ".json");
      ObjectMapper json = new ObjectMapper();
      Files.writeString(
          input,
          json.createObjectNode()
              .put("session_id", session)
              .put("transcript_path", projects.resolve(session + ".jsonl").toString())
              .put("cwd", world.person().work().toString())
              .put("hook_event_name", event)
              .put("reason", "other")
              .toString());
      Program.Ended ended =
          Program.start(
                  List.of("/bin/sh", "-c", hook(event)),
                  world.person().work(),
                  world.person().environment(),
                  input)
              .ended(World.SOON)
              .expect(0);
      assertThat(ended.out() + ended.err()).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line of our hook for an event, from the settings that the launcher hands over. */
  private String hook(String event) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (Map.Entry<String, String> file : world.person().files(".ucode").entrySet()) {
      if (file.getKey().endsWith(".json") && file.getValue().contains("\"hooks\"")) {
        JsonNode command =
            json.readTree(file.getValue())
                .path("hooks")
                .path(event)
                .path(0)
                .path("hooks")
                .path(0)
                .path("command");
        if (command.isTextual()) {
          return command.asText();
        }
      }
    }
    throw new AssertionError("no hook for " + event + " below ~/.ucode");
  }

  private static Path find(Path below, String name) {
    try (Stream<Path> all = Files.walk(below)) {
      List<Path> found = new ArrayList<>(all.filter(file -> file.endsWith(name)).toList());
      return found.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
