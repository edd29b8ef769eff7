/**
 * Sessions as agents record them: agent-neutral entries, readers, and the pure assembler of turns.
 */
@NullMarked
package dev.ucode.transcript;

import org.jspecify.annotations.NullMarked;
