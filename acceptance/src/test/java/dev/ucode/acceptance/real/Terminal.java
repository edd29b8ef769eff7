package dev.ucode.acceptance.real;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A terminal that a program believes in: a tmux server of its own with one window. */
final class Terminal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String socket =
      "ucode-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  private final Path folder;
  private final Map<String, String> environment;

  private Terminal(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** Opens a shell in the folder; its prompt is {@code ready$}. */
  public static Terminal open(Path folder, Map<String, String> environment) {
    Terminal terminal = new Terminal(folder, environment);
    terminal.tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-s",
        "t",
        "-x",
        "140",
        "-y",
        "50",
        "PS1='ready$ ' ENV= exec bash --noprofile --norc -i");
    terminal.awaitScreen("a shell", screen -> screen.contains("ready$"));
    return terminal;
  }

  /** Types text, then Enter. */
  public void enter(String text) {
    type(text);
    String echoed = text.length() > 40 ? text.substring(text.length() - 40) : text;
    awaitScreen("the typed text", screen -> screen.replace("\n", "").contains(echoed.strip()));
    key("Enter");
  }

  /** Types text. */
  public void type(String text) {
    tmux("send-keys", "-t", "t", "-l", text);
  }

  /** Presses a key by tmux's name, such as {@code Escape} or {@code C-c}. */
  public void key(String name) {
    tmux("send-keys", "-t", "t", name);
  }

  /** What is on the screen. */
  public String screen() {
    return tmux("capture-pane", "-p", "-t", "t");
  }

  /** Waits until the screen fits and returns it. */
  public String awaitScreen(String what, Predicate<String> wanted) {
    return Until.fits(what + " on the screen", PATIENCE, this::screen, wanted);
  }

  private String tmux(String... words) {
    List<String> all = new ArrayList<>(List.of("/usr/bin/env", "tmux", "-L", socket));
    all.addAll(List.of(words));
    return Program.start(all, folder, environment).ended(Duration.ofSeconds(20)).out();
  }

  @Override
  public void close() {
    tmux("kill-server");
  }
}
