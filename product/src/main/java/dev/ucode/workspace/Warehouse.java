package dev.ucode.workspace;

import java.util.Locale;

/**
 * A SQL warehouse.
 *
 * @param state as the workspace names it: {@code RUNNING}, {@code STOPPED}…
 */
public record Warehouse(String id, String name, String state) {
  public boolean running() {
    return state.equalsIgnoreCase("RUNNING");
  }

  /** Whether it runs or can be made to. */
  public boolean startable() {
    return switch (state.toUpperCase(Locale.ROOT)) {
      case "RUNNING", "STARTING", "STOPPED", "STOPPING" -> true;
      default -> false;
    };
  }
}
