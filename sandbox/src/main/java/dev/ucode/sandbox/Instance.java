package dev.ucode.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A sandbox by its name: its data folder, and whether a server has it open. */
record Instance(String name, Path folder) {
  /** The name that is meant where none is given. */
  static final String DEFAULT = "default";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final String LOCK = "lock";

  /**
   * The sandbox of that name.
   *
   * @param data its folder; null for the usual place
   */
  static Instance of(String name, @Nullable Path data, Map<String, String> environment) {
    if (!NAME.matcher(name).matches()) {
      throw new Failure(
          "'" + name + "' cannot be the name of a sandbox",
          "letters, digits, - and _ can be in it, up to 64 of them");
    }
    return new Instance(
        name, data == null ? home(environment).resolve(name) : data.toAbsolutePath().normalize());
  }

  /** Where sandboxes are kept. */
  static Path home(Map<String, String> environment) {
    String own = environment.get("UCODE_SANDBOX_HOME");
    if (own != null && !own.isEmpty()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    String home = environment.get("HOME");
    if (home == null || home.isEmpty()) {
      throw new Failure(
          "there is no place for the sandbox's data",
          "neither UCODE_SANDBOX_HOME nor HOME is set",
          "export UCODE_SANDBOX_HOME=/a/folder");
    }
    return Path.of(home, ".ucode", "sandbox").toAbsolutePath().normalize();
  }

  /** Every sandbox in the usual place that was ever started, by name. */
  static List<Instance> all(Map<String, String> environment) throws IOException {
    Path home = home(environment);
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(home)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(Credentials.FILE)))
          .map(folder -> new Instance(folder.getFileName().toString(), folder))
          .sorted((a, b) -> a.name().compareTo(b.name()))
          .toList();
    }
  }

  /** Whether it was ever started. */
  boolean exists() {
    return Files.exists(folder.resolve(Credentials.FILE));
  }

  /** The server's hold on the folder; closing it lets go. */
  record Hold(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Takes the folder, or returns null where a server has it. */
  @Nullable Hold take() throws IOException {
    PrivateFiles.folder(folder);
    PrivateFiles.touch(folder.resolve(LOCK));
    FileChannel channel = FileChannel.open(folder.resolve(LOCK), Set.of(StandardOpenOption.WRITE));
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    return new Hold(channel);
  }

  /** Whether a server has the folder. */
  boolean running() throws IOException {
    if (!Files.exists(folder.resolve(LOCK))) {
      return false;
    }
    try (Hold hold = take()) {
      return hold == null;
    }
  }

  /**
   * The running server.
   *
   * @throws Failure where it does not run
   */
  RunFile requireRunning() throws IOException {
    RunFile run = running() ? RunFile.read(folder) : null;
    if (run == null) {
      throw new Failure(
          "sandbox '" + name + "' is not running", null, "ucode sandbox start" + nameOption());
    }
    return run;
  }

  /** {@code " --name x"}, or nothing for the default one. */
  String nameOption() {
    return name.equals(DEFAULT) ? "" : " --name " + name;
  }
}
