package dev.ucode.workspace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The models a workspace's gateway offers, as far as agents need them.
 *
 * @param claude Claude's families ({@code opus}, {@code sonnet}, {@code haiku}…) to the id of the
 *     newest model of each
 */
public record Models(Map<String, String> claude) {
  /** Nothing discovered. */
  public static final Models NONE = new Models(Map.of());

  public Models {
    claude = Collections.unmodifiableMap(new LinkedHashMap<>(claude));
  }
}
