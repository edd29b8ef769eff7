package dev.ucode.store;

import dev.ucode.name.AgentId;

/**
 * How often something odd was seen.
 *
 * @param agentVersion empty where no record named it
 * @param name one of the constants here; unknown records are {@code unknown_record/<type>}
 */
public record Counter(AgentId agent, String agentVersion, String name, long count) {
  /** A record of a type we have no rule for, followed by a slash and the type. */
  public static final String UNKNOWN_RECORD = "unknown_record/";

  /** A line that is not JSON. */
  public static final String UNREADABLE_LINE = "unreadable_line";

  /** A turn that is known, a copy, or not ours. */
  public static final String SKIPPED_TURN = "skipped_turn";

  /** A record that came for a span already sent. */
  public static final String LATE_RECORD = "late_record";

  /** A trace that was assembled again and left as it was. */
  public static final String REPEATED_TRACE = "repeated_trace";

  /** A span that was assembled again and left as it was. */
  public static final String REPEATED_SPAN = "repeated_span";

  /** Late spans of a trace that was never stored. */
  public static final String ORPHAN_SPAN = "orphan_span";

  /** A turn that no hook told of. */
  public static final String UNANNOUNCED_TURN = "unannounced_turn";
}
