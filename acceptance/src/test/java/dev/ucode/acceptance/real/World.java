package dev.ucode.acceptance.real;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sandbox and somebody signed in to it who has one version of Claude Code. */
final class World implements AutoCloseable {
  /** In the table after the turn's close: 3 s promised, more given to a busy machine. */
  static final Duration SOON = Duration.ofSeconds(40);

  private final Sandbox sandbox;
  private final Person person;
  private final Landed landed;

  private World(Sandbox sandbox, Person person) {
    this.sandbox = sandbox;
    this.person = person;
    this.landed = new Landed(sandbox);
  }

  /** Starts the sandbox; the person is signed in and nothing more. */
  static World start(Path folder, String claudeVersion, @Nullable String state) {
    Dist dist = Dist.find();
    Path claude = Peers.claude(claudeVersion);
    Sandbox sandbox = Sandbox.start(dist, folder.resolve("sandbox"), state);
    return new World(sandbox, new Person(folder.resolve("person"), dist, claude).signedIn(sandbox));
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Person person() {
    return person;
  }

  Landed landed() {
    return landed;
  }

  /** The traces of a session, as soon as there are so many. */
  List<Landed.Trace> traces(String session, int count) {
    return Until.fits(
        count + " traces of session " + session,
        SOON,
        () -> traces(session),
        traces -> traces.size() >= count);
  }

  /** The traces of a session that have landed by now. */
  List<Landed.Trace> traces(String session) {
    return landed.traces().stream()
        .filter(trace -> trace.metadata("mlflow.trace.session").equals(session))
        .toList();
  }

  /**
   * The trees of a session's traces, as soon as they are these; the last seen where they never are.
   */
  String trees(String session, String expected) {
    return Until.lastSeen(SOON, () -> treesNow(session), expected::equals);
  }

  private String treesNow(String session) {
    StringBuilder text = new StringBuilder();
    traces(session).forEach(trace -> text.append(trace.tree()));
    return text.toString();
  }

  @Override
  public void close() {
    person.close();
    sandbox.close();
  }
}
