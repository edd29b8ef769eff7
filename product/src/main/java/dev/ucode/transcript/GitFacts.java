package dev.ucode.transcript;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a git working tree says of itself in its own files: the remote's address, and which commit
 * was checked out at a moment, from {@code logs/HEAD}. No git process is started, and whatever is
 * missing or odd gives nothing.
 */
public final class GitFacts {
  /** A commit id, and the second it was checked out: the parts of a line of a ref log. */
  private static final Pattern LOG_LINE =
      Pattern.compile(
          "[0-9a-f]{40,64} ([0-9a-f]{40,64}) [^\\t]*?([0-9]{1,15}) [+-][0-9]{4}(\\t.*)?");

  private static final Pattern SECTION = Pattern.compile("\\[remote \"(.+)\"]");
  private static final Pattern URL = Pattern.compile("url\\s*=\\s*(.+)");

  /** Bytes; the files read whole here are small, and one that is not is not git's. */
  private static final int SMALL = 1 << 20;

  private static final int CHUNK = 8 << 10;

  private final Map<String, Tree> trees = new HashMap<>();

  /**
   * What was found.
   *
   * @param commit the commit that was checked out then, as the log of HEAD has it
   * @param remote the address of {@code origin}, or of the only remote, without credentials
   */
  public record Found(@Nullable String commit, @Nullable String remote) {
    static final Found NOTHING = new Found(null, null);
  }

  private record Tree(@Nullable Path log, @Nullable String remote) {
    static final Tree NONE = new Tree(null, null);
  }

  /**
   * What could be said at a moment of the tree that holds a folder.
   *
   * @param folder a folder in a working tree
   */
  public Found at(@Nullable String folder, Instant moment) {
    if (folder == null) {
      return Found.NOTHING;
    }
    Tree tree = trees.computeIfAbsent(folder, GitFacts::find);
    return new Found(tree.log() == null ? null : commit(tree.log(), moment), tree.remote());
  }

  private static Tree find(String folder) {
    try {
      Path start = Path.of(folder);
      if (!start.isAbsolute()) {
        return Tree.NONE;
      }
      for (Path at = start; at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.isDirectory(git)) {
          return tree(git, git);
        }
        if (Files.isRegularFile(git)) {
          // A worktree: "gitdir: <its own folder>", which names the shared one in "commondir".
          String text = small(git).strip();
          if (!text.startsWith("gitdir:")) {
            return Tree.NONE;
          }
          Path own = at.resolve(text.substring("gitdir:".length()).strip()).normalize();
          Path common = own.resolve("commondir");
          return tree(
              own,
              Files.isRegularFile(common) ? own.resolve(small(common).strip()).normalize() : own);
        }
      }
    } catch (IOException | InvalidPathException unreadable) {
      // Nothing can be said of it.
    }
    return Tree.NONE;
  }

  private static Tree tree(Path own, Path common) throws IOException {
    Path log = own.resolve("logs").resolve("HEAD");
    Path config = common.resolve("config");
    return new Tree(
        Files.isRegularFile(log) ? log : null,
        Files.isRegularFile(config) ? remote(small(config)) : null);
  }

  private static String small(Path file) throws IOException {
    if (Files.size(file) > SMALL) {
      throw new IOException("too large to be git's: " + file);
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static @Nullable String remote(String config) {
    String section = "";
    Map<String, String> remotes = new HashMap<>();
    for (String raw : config.split("\n", -1)) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        Matcher name = SECTION.matcher(line);
        section = name.matches() ? name.group(1) : "";
      } else if (!section.isEmpty()) {
        Matcher url = URL.matcher(line);
        if (url.matches()) {
          remotes.putIfAbsent(section, url.group(1).strip());
        }
      }
    }
    String url = remotes.get("origin");
    if (url == null && remotes.size() == 1) {
      url = remotes.values().iterator().next();
    }
    return url == null ? null : withoutCredentials(url);
  }

  /** An address with a user or password in front of its host loses both; others stay. */
  static String withoutCredentials(String url) {
    if (!url.contains("://")) {
      return url; // scp-like: git@host:path holds a user that is no secret
    }
    try {
      URI uri = new URI(url);
      if (uri.getRawUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException notExactlyOne) {
      // Fall through: what looks like credentials goes anyway.
    }
    int from = url.indexOf("://") + 3;
    int slash = url.indexOf('/', from);
    int at = url.lastIndexOf('@', slash < 0 ? url.length() : slash);
    return at < from ? url : url.substring(0, from) + url.substring(at + 1);
  }

  /** The last commit the log names at or before the moment, read from the log's end. */
  private static @Nullable String commit(Path log, Instant moment) {
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
      long end = file.size();
      byte[] rest = new byte[0]; // the beginning of a line whose end was already read
      while (end > 0) {
        int size = (int) Math.min(CHUNK, end);
        byte[] chunk = new byte[size + rest.length];
        file.read(ByteBuffer.wrap(chunk, 0, size), end - size);
        System.arraycopy(rest, 0, chunk, size, rest.length);
        end -= size;
        String text = new String(chunk, StandardCharsets.ISO_8859_1);
        int stop = text.length();
        while (stop > 0) {
          int newline = text.lastIndexOf('\n', stop - 1);
          if (newline < 0 && end > 0) {
            break;
          }
          String found = commit(text.substring(newline + 1, stop), moment);
          if (found != null) {
            return found;
          }
          stop = Math.max(0, newline);
        }
        if (stop > SMALL) {
          return null;
        }
        rest = text.substring(0, stop).getBytes(StandardCharsets.ISO_8859_1);
      }
    } catch (IOException unreadable) {
      // As if there were no log.
    }
    return null;
  }

  private static @Nullable String commit(String line, Instant moment) {
    Matcher parts = LOG_LINE.matcher(line);
    return parts.matches() && Long.parseLong(parts.group(2)) <= moment.getEpochSecond()
        ? parts.group(1)
        : null;
  }
}
