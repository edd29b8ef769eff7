package dev.ucode.transcript;

import dev.ucode.trace.TraceUpdate;
import java.util.List;
import java.util.Map;

/**
 * The result of one reading. It holds at most a bounded part of a long file: while {@link #more} is
 * set, store it and read on from {@link #next}.
 *
 * @param updates in the order they closed
 * @param next where to read on
 * @param turnOpen whether a turn has begun that has not closed
 * @param agentsRunning how many background agents have spans still to come
 * @param agentVersion the version the records name, or empty
 * @param unknownRecords how often each record type was met that this reader has no rule for
 * @param unreadableLines whole lines that were not JSON (counted, skipped)
 * @param lateRecords records that came for spans already closed and sent: counted, never re-sent
 * @param skippedTurns turns that were not assembled because they are known, copies of another
 *     session's, or began outside our watch
 * @param more whether the file holds more than this reading took
 */
public record Reading(
    List<TraceUpdate> updates,
    Cursor next,
    boolean turnOpen,
    int agentsRunning,
    String agentVersion,
    Map<String, Integer> unknownRecords,
    int unreadableLines,
    int lateRecords,
    int skippedTurns,
    boolean more) {
  public Reading {
    updates = List.copyOf(updates);
    unknownRecords = Map.copyOf(unknownRecords);
  }
}
