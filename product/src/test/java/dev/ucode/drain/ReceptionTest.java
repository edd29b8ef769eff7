package dev.ucode.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.os.Processes;
import dev.ucode.spool.HookEvent;
import dev.ucode.spool.Launch;
import dev.ucode.store.MemoryStore;
import dev.ucode.store.SessionState;
import dev.ucode.store.Visit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceptionTest {
  private static final SessionId SESSION = new SessionId("s1");
  private static final Path FOLDER = Path.of("/home/dev/w");
  private static final long NOBODY = 0;

  private final MemoryStore store = new MemoryStore();
  private final Reception reception = new Reception(store.sessions());
  private final Process agent = start();
  private Instant began = Instant.EPOCH;

  @BeforeEach
  void anAgentRuns() {
    began = Objects.requireNonNull(Processes.startOf(agent.pid()));
  }

  @AfterEach
  void itEnds() throws InterruptedException {
    agent.destroyForcibly().waitFor();
  }

  @Test
  void anEventThatSaysNothingIsAWakeUp() {
    assertThat(reception.enter(new HookEvent(Path.of("x"), null, began, null), List.of()))
        .isFalse();
    assertThat(store.sessions().living()).isEmpty();
  }

  @Test
  void aStopIsRememberedUntilThePersonGoesOn() {
    enter("Stop", 1, NOBODY);
    assertThat(session().stopped()).isEqualTo(at(1));
    assertThat(session().unread()).isTrue();
    enter("SubagentStop", 2, NOBODY);
    assertThat(session().stopped()).isEqualTo(at(1));
    enter("UserPromptSubmit", 3, NOBODY);
    assertThat(session().stopped()).isNull();
  }

  @Test
  void aSessionWithoutALaunchIsOursSinceItsProcessBegan() {
    enter("UserPromptSubmit", 100, agent.pid());
    Visit visit = session().visits().getFirst();
    assertThat(visit.process()).isEqualTo(agent.pid());
    assertThat(watched(50)).isTrue();
    assertThat(watched(-60)).as("the session's past").isFalse();
  }

  @Test
  void aSessionOfAProcessNobodyKnowsIsOursFromItsFirstEvent() {
    enter("UserPromptSubmit", 100, NOBODY);
    assertThat(session().visits().getFirst().process()).isZero();
    assertThat(watched(98)).as("the prompt is older than its event").isTrue();
    assertThat(watched(50)).isFalse();
  }

  @Test
  void aLaunchAccountsForItsProcess() {
    enter("Stop", 100, agent.pid(), launch(10));
    assertThat(session().visits()).containsExactly(new Visit(agent.pid(), began, at(10), null));
    assertThat(watched(9)).isFalse();
    assertThat(watched(11)).isTrue();
  }

  @Test
  void betweenTwoLaunchesASessionIsPrivate() throws Exception {
    enter("UserPromptSubmit", 100, agent.pid(), launch(10));
    enter("SessionEnd", 200, agent.pid(), launch(10));
    Process second = start();
    try {
      Launch later =
          new Launch(
              second.pid(),
              Processes.startOf(second.pid()),
              AgentId.CLAUDE,
              "d1",
              FOLDER,
              null,
              at(900));
      enter("UserPromptSubmit", 1000, second.pid(), later);
      assertThat(watched(150)).isTrue();
      assertThat(watched(500)).as("a plain agent's turn").isFalse();
      assertThat(watched(1000)).isTrue();
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  @Test
  void afterALaunchThatWasKilledASessionIsPrivate() throws Exception {
    enter("UserPromptSubmit", 100, agent.pid(), launch(10));
    agent.destroyForcibly().waitFor();
    Process second = start();
    try {
      Launch later =
          new Launch(
              second.pid(),
              Processes.startOf(second.pid()),
              AgentId.CLAUDE,
              "d1",
              FOLDER,
              null,
              at(900));
      enter("UserPromptSubmit", 1000, second.pid(), later);
      assertThat(watched(100)).as("the turn that was killed").isTrue();
      assertThat(watched(500)).as("a plain agent's turn").isFalse();
      assertThat(watched(1000)).isTrue();
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  @Test
  void anEventOvertakenByTheEndOpensNothing() {
    enter("UserPromptSubmit", 100, NOBODY);
    enter("SessionEnd", 200, NOBODY);
    enter("Stop", 199, NOBODY);
    assertThat(watched(300)).isFalse();
    assertThat(session().ended()).isEqualTo(at(200));
  }

  @Test
  void theLastEventSaysWhereTracesGo() {
    enter("UserPromptSubmit", 1, NOBODY);
    HookEvent other =
        new HookEvent(
            Path.of("x"),
            new HookEvent.Origin(AgentId.CLAUDE, "d2", 1, NOBODY),
            at(2),
            new HookEvent.Payload("Stop", SESSION, null, null, null));
    assertThat(reception.enter(other, List.of())).isTrue();
    assertThat(session().destination()).isEqualTo("d2");
    assertThat(session().transcript()).as("kept").isEqualTo(Path.of("/p/s1.jsonl"));
  }

  private void enter(String name, int second, long process, Launch... launches) {
    HookEvent event =
        new HookEvent(
            Path.of("x"),
            new HookEvent.Origin(AgentId.CLAUDE, "d1", 1, process),
            at(second),
            new HookEvent.Payload(name, SESSION, Path.of("/p/s1.jsonl"), FOLDER, null));
    assertThat(reception.enter(event, List.of(launches))).isTrue();
  }

  private Launch launch(int second) {
    return new Launch(agent.pid(), began, AgentId.CLAUDE, "d1", FOLDER, null, at(second));
  }

  private boolean watched(int second) {
    return Objects.requireNonNull(session().file()).watched(at(second));
  }

  private Instant at(int second) {
    return began.plusSeconds(second);
  }

  private SessionState session() {
    return Objects.requireNonNull(store.sessions().find(AgentId.CLAUDE, SESSION));
  }

  /** Waits for its input to end. */
  private static Process start() {
    try {
      return new ProcessBuilder("cat").start();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
