package dev.ucode.json;

import java.util.HashMap;
import java.util.Map;

/**
 * Which members of a value are read into the tree. What is left out is passed over without being
 * built, which is what makes reading a large file for a few of its members cheap. Arrays pass their
 * projection on to their items.
 *
 * @param members projections of the members named here
 * @param others whether members not named are kept
 */
public record Projection(Map<String, Projection> members, boolean others) {
  /** Everything. */
  public static final Projection ALL = new Projection(Map.of(), true);

  /** Nothing at all: the member itself is left out. */
  public static final Projection NONE = new Projection(Map.of(), false);

  public Projection {
    members = Map.copyOf(members);
  }

  /** Everything but what the named projections leave out. */
  public static Projection allBut(Map<String, Projection> members) {
    return new Projection(members, true);
  }

  /** Only the named members, whole. */
  public static Projection only(String... names) {
    Map<String, Projection> members = new HashMap<>();
    for (String name : names) {
      members.put(name, ALL);
    }
    return new Projection(members, false);
  }

  Projection of(String member) {
    if (members.isEmpty()) {
      return this;
    }
    Projection named = members.get(member);
    return named != null ? named : others ? ALL : NONE;
  }

  boolean isNone() {
    return !others && members.isEmpty();
  }
}
