/**
 * The inbox that the hook script writes into, the launches it belongs to, and the worker's lease.
 */
@NullMarked
package dev.ucode.spool;

import org.jspecify.annotations.NullMarked;
