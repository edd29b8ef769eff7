/** A turn as a trace: spans, ids, token usage, and where each fact comes from. */
@NullMarked
package dev.ucode.trace;

import org.jspecify.annotations.NullMarked;
