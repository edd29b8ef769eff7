package dev.ucode.store;

import dev.ucode.transcript.Known;

/**
 * One database. A session's position, the outbox and the ledger change in one transaction, so that
 * a process may die at any instruction. Every method throws {@link StoreFailure} where the storage
 * refuses; then nothing has changed. Methods may be called from several threads.
 */
public interface Store extends AutoCloseable {
  /** How far sessions have been read. */
  Sessions sessions();

  /** What is to be delivered. */
  Outbox outbox();

  /** What people look at. */
  Views views();

  /** Which turns have been assembled. */
  Known known();

  @Override
  void close();
}
