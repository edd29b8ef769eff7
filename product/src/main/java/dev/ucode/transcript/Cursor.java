package dev.ucode.transcript;

import dev.ucode.json.Json;

/**
 * Where to read on in a session. Stored in the same transaction as what was read.
 *
 * @param offset byte offset in the main file of the first line of the open turn, or of the end of
 *     the last whole line where none is open
 * @param memory what the agent's reader needs besides (running background agents, a fingerprint of
 *     the file's start that tells a rewritten file), opaque to everybody else
 */
public record Cursor(long offset, Json.Obj memory) {
  /** The beginning of a session never read. */
  public static final Cursor START = new Cursor(0, Json.object().build());
}
