package dev.ucode.transcript;

import java.io.IOException;

/** Reads what one agent has recorded of a session. One implementation per agent. */
public interface TranscriptReader {
  /**
   * Reads on from a cursor and assembles the turns that have closed. The session's files are only
   * read. The same call on the same bytes gives the same result; nothing is remembered between
   * calls but what the cursor holds. Memory and time depend on the bytes after the cursor, not on
   * the session. Besides the session's files only git's own of its working directory are looked at.
   *
   * @param closing what is known from outside about the end of the last turn
   * @param known what has been assembled before, by any session
   * @throws IOException where the file cannot be read; lines that are not JSON are counted instead
   */
  Reading read(SessionFile session, Cursor from, Closing closing, Known known) throws IOException;
}
