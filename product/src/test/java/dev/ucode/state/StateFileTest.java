package dev.ucode.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.name.AgentId;
import dev.ucode.name.UcLocation;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.os.Folders;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.TraceDestination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  private static final WorkspaceUrl A = new WorkspaceUrl("https://a.test");
  private static final WorkspaceUrl B = new WorkspaceUrl("http://127.0.0.1:8123");

  @TempDir Path home;

  @Test
  void whatWasWrittenIsRead() throws IOException {
    StateFile file = file();
    SignIn pat = new SignIn.PatProfile("p");
    var place =
        new TraceDestination(
            "abc",
            A,
            pat,
            "42",
            "/Shared/ucode-traces",
            new UcLocation("main", "traces", "ucode"),
            "main.traces.ucode_otel_spans",
            "w1",
            "me@a.test");
    var bare =
        new TraceDestination(
            "def", A, pat, "43", "/x", new UcLocation("c", "s", "p"), "c.s.t", null, null);
    State state =
        State.EMPTY
            .with(
                new WorkspaceState(
                    A,
                    pat,
                    "me@a.test",
                    Duration.ofMinutes(5),
                    new Models(Map.of("opus", "system.ai.claude-opus-5")),
                    List.of(AgentId.CLAUDE),
                    new TracingState(true, Exporter.MLFLOW, "abc", "/home/me/mlflow"),
                    Map.of("abc", place, "def", bare)))
            .with(workspace(B, new SignIn.EnvironmentVariable("DATABRICKS_BEARER")))
            .with(
                workspace(
                    new WorkspaceUrl("https://c.test"), new SignIn.ClientCredentialsProfile("r")))
            .withCurrent(A);
    file.update(before -> state);
    assertThat(file.read()).isEqualTo(state);
    assertThat(file.read().destination("abc")).isEqualTo(place);
    assertThat(file.read().destination("nope")).isNull();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.file())))
        .isEqualTo("rw-------");
  }

  @Test
  void nothingThereIsNothingRemembered() {
    assertThat(file().read()).isEqualTo(State.EMPTY);
    assertThat(home.resolve(".ucode")).doesNotExist();
  }

  @Test
  void aNewSignInServesWhatStillWaits() {
    var place =
        new TraceDestination(
            "abc",
            A,
            new SignIn.PatProfile("old"),
            "42",
            "/x",
            new UcLocation("c", "s", "p"),
            "c.s.t",
            null,
            null);
    SignIn fresh = new SignIn.PatProfile("new");
    var workspace =
        new WorkspaceState(
            A,
            fresh,
            null,
            Duration.ofMinutes(15),
            Models.NONE,
            List.of(),
            TracingState.OFF,
            Map.of("abc", place));
    assertThat(State.EMPTY.with(workspace).destination("abc"))
        .extracting(TraceDestination::signIn)
        .isEqualTo(fresh);
  }

  @Test
  void aBrokenFileIsRefusedWithThePlaceAndKept() throws IOException {
    String broken = "{\n  \"state_version\": 4,\n  oops\n}";
    write(broken);
    var refusal = catchThrowableOfType(UserException.class, () -> file().read());
    assertThat(refusal.problem().what()).contains("state-v4.json");
    assertThat(refusal.problem().why()).contains("line 3");
    assertThatThrownBy(() -> file().update(state -> State.EMPTY)).isInstanceOf(UserException.class);
    assertThat(file().file()).hasContent(broken);
  }

  @Test
  void aNewerUcodesFileIsNotTouched() throws IOException {
    write("{\"state_version\": 5}");
    var refusal = catchThrowableOfType(UserException.class, () -> file().read());
    assertThat(refusal.problem().why()).contains("newer ucode");
  }

  @Test
  void aStateWithAnUnknownSignInIsNotGuessed() throws IOException {
    write(
        "{\"state_version\":4,\"workspaces\":{\"https://a.test\":{\"sign_in\":{\"method\":\"x\"}}}}");
    var refusal = catchThrowableOfType(UserException.class, () -> file().read());
    assertThat(refusal.problem().why()).contains("https://a.test");
  }

  @Test
  void anUnchangedStateIsNotWritten() throws IOException {
    file().update(state -> state.with(workspace(A, new SignIn.PatProfile("p"))));
    Object before = Files.getAttribute(file().file(), "unix:ino");
    file().update(state -> state.with(workspace(A, new SignIn.PatProfile("p"))));
    assertThat(Files.getAttribute(file().file(), "unix:ino")).isEqualTo(before);
  }

  @Test
  void twoProcessesDoNotUndoEachOthersChanges() throws Exception {
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      writers.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-XX:TieredStopAtLevel=1",
                  Writer.class.getName(),
                  home.resolve(".ucode").toString(),
                  "w" + i)
              .redirectErrorStream(true)
              .start());
    }
    for (Process writer : writers) {
      String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(writer.exitValue()).as(said).isZero();
    }
    assertThat(file().read().workspaces()).hasSize(2 * Writer.CHANGES);
  }

  /** Another process that remembers one workspace after the other. */
  static final class Writer {
    private static final int CHANGES = 30;

    private Writer() {}

    public static void main(String[] args) throws IOException {
      StateFile file = new StateFile(new Folders(Path.of(args[0])));
      for (int i = 0; i < CHANGES; i++) {
        WorkspaceUrl url = new WorkspaceUrl("https://" + args[1] + "-" + i + ".test");
        file.update(state -> state.with(workspace(url, new SignIn.PatProfile("p"))));
      }
    }
  }

  private static WorkspaceState workspace(WorkspaceUrl url, SignIn signIn) {
    return new WorkspaceState(
        url,
        signIn,
        null,
        Duration.ofMinutes(15),
        Models.NONE,
        List.of(),
        TracingState.OFF,
        Map.of());
  }

  private StateFile file() {
    return new StateFile(new Folders(home.resolve(".ucode")));
  }

  private void write(String text) throws IOException {
    Files.createDirectories(home.resolve(".ucode"));
    Files.writeString(file().file(), text);
  }
}
