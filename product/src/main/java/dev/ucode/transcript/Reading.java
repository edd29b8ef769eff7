package dev.ucode.transcript;

import dev.ucode.trace.TraceUpdate;
import java.util.List;
import java.util.Map;

/**
 * The result of one reading.
 *
 * @param updates in the order they closed
 * @param next where to read on
 * @param turnOpen whether a turn has begun that has not closed
 * @param agentsRunning how many background agents have spans still to come
 * @param agentVersion the version the records name, or empty
 * @param unknownRecords how often each record type was met that this reader has no rule for
 * @param unreadableLines whole lines that were not JSON (counted, skipped)
 * @param skippedTurns turns that were not assembled because they are known or older than our watch
 */
public record Reading(
    List<TraceUpdate> updates,
    Cursor next,
    boolean turnOpen,
    int agentsRunning,
    String agentVersion,
    Map<String, Integer> unknownRecords,
    int unreadableLines,
    int skippedTurns) {
  public Reading {
    updates = List.copyOf(updates);
    unknownRecords = Map.copyOf(unknownRecords);
  }
}
