/**
 * From a hook's event to a delivered trace: inbox, reading, masking, store, and the sending of what
 * waits.
 */
@NullMarked
package dev.ucode.drain;

import org.jspecify.annotations.NullMarked;
