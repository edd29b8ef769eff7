package dev.ucode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The floor plan: every room there may be, its layer, and the rooms it may use.
 *
 * <p>A room is a package below {@code dev.ucode}. A package of the tree that is not listed here
 * fails the architecture test; a listed room that is not built yet does not. To add one, write its
 * row in {@link #PLAN}.
 */
final class Rooms {
  private Rooms() {}

  /** Base package of the product. */
  static final String BASE = "dev.ucode";

  /** A room: its package below {@link #BASE} ("" is the root), its layer, and whom it may use. */
  record Room(String name, int layer, Set<String> uses) {
    String packageName() {
      return name.isEmpty() ? BASE : BASE + "." + name;
    }
  }

  private static final List<String> AGENTS =
      List.of("claude", "codex", "gemini", "opencode", "copilot", "pi", "cursor");

  private static final Map<String, Room> PLAN = plan();

  private static Map<String, Room> plan() {
    var rooms = new LinkedHashMap<String, Room>();
    // 0, the ground. The rooms called "JDK alone" may use no library, and no room but those named.
    String[] ground = {"os", "http", "json", "console", "problem"};
    room(rooms, 0, "problem");
    room(rooms, 0, "os", "problem");
    room(rooms, 0, "json", "problem");
    room(rooms, 0, "http", "os", "problem", "json");
    room(rooms, 0, "console", "os", "problem");
    // 1, the domain
    String[] domain = {"name", "check", "trace", "redact", "config", "spool"};
    room(rooms, 1, "name", "problem");
    room(rooms, 1, "check", "name", "problem");
    room(rooms, 1, "trace", "name", "problem", "json"); // a span's content is a JSON tree
    room(rooms, 1, "redact", "name", "problem", "json", "trace");
    room(rooms, 1, "config", "name", "problem", "json", "os");
    room(rooms, 1, "spool", "name", "problem", "os", "json");
    // 2, ports and their adapters
    String[] port = {"name", "problem", "os", "json", "check"};
    room(rooms, 2, "transcript", port, "trace");
    room(rooms, 2, "workspace", port, "http");
    room(rooms, 2, "workspace.rest", port, "workspace", "http");
    room(rooms, 2, "state", port, "workspace"); // remembers a workspace's sign-in and destination
    room(rooms, 2, "sink", port, "trace", "workspace", "http");
    room(
        rooms,
        2,
        "sink.wire",
        port,
        "sink",
        "trace"); // what sinks share, so that none needs another
    for (String sink : List.of("uc", "mlflow", "otlp")) {
      room(rooms, 2, "sink." + sink, port, "sink", "sink.wire", "trace", "workspace", "http");
    }
    room(rooms, 2, "store", port, "trace", "transcript");
    room(rooms, 2, "store.sqlite", port, "store", "trace", "transcript");
    room(rooms, 2, "agent", join(ground, domain), "workspace", "state", "transcript");
    for (String agent : AGENTS) {
      room(rooms, 2, "agent." + agent, join(ground, domain), "agent", "workspace", "transcript");
    }
    // 3, features: whatever the ground and the domain have, but HTTP only where named
    String[] feature = without(join(ground, domain), "http");
    room(rooms, 3, "launch", feature, "agent", "workspace", "state");
    room(rooms, 3, "setup", feature, "agent", "workspace", "state", "store", "http");
    room(
        rooms,
        3,
        "drain",
        feature,
        "agent",
        "state",
        "transcript",
        "workspace",
        "sink",
        "store",
        "http");
    room(rooms, 3, "history", feature, "workspace", "state", "store", "http");
    room(rooms, 3, "status", feature, "agent", "workspace", "state", "store", "http");
    room(rooms, 3, "demo", feature, "agent", "workspace", "state", "store");
    for (String name : List.of("mcp", "skills", "usage", "managed", "routing", "relay")) {
      room(rooms, 3, name, feature, "agent", "workspace", "state", "http");
    }
    // 4, faces: every port and feature, never an adapter
    var below = new LinkedHashSet<String>();
    for (Room room : rooms.values()) {
      if (!isAdapter(room.name())) {
        below.add(room.name());
      }
    }
    rooms.put("cli.view", new Room("cli.view", 4, Set.copyOf(below)));
    below.add("cli.view");
    rooms.put("cli", new Room("cli", 4, Set.copyOf(below)));
    room(rooms, 4, "web", "name", "problem", "os", "json", "check", "trace", "store");
    // 5, the root: all of them
    rooms.put("", new Room("", 5, Set.copyOf(rooms.keySet())));
    return rooms;
  }

  private static void room(Map<String, Room> rooms, int layer, String name, String... uses) {
    room(rooms, layer, name, uses, new String[0]);
  }

  private static void room(
      Map<String, Room> rooms, int layer, String name, String[] base, String... more) {
    Set<String> uses = new LinkedHashSet<>(List.of(join(base, more)));
    uses.remove(name);
    rooms.put(name, new Room(name, layer, Set.copyOf(uses)));
  }

  private static String[] join(String[] some, String... more) {
    var all = new LinkedHashSet<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private static String[] without(String[] all, String one) {
    var rest = new ArrayList<>(Arrays.asList(all));
    rest.remove(one);
    return rest.toArray(String[]::new);
  }

  /** Adapters are named for a technology or a vendor and known only to the root (and the list). */
  static boolean isAdapter(String room) {
    return room.equals("workspace.rest")
        || room.equals("store.sqlite")
        || room.startsWith("sink.")
        || room.startsWith("agent.");
  }

  /** The row of a package, or empty where it has none. */
  static Optional<Room> of(String packageName) {
    if (packageName.equals(BASE)) {
      return Optional.ofNullable(PLAN.get(""));
    }
    if (!packageName.startsWith(BASE + ".")) {
      return Optional.empty();
    }
    return Optional.ofNullable(PLAN.get(packageName.substring(BASE.length() + 1)));
  }

  static Iterable<Room> all() {
    return PLAN.values();
  }
}
