/** Findings about the set-up, each with what to do about it. */
@NullMarked
package dev.ucode.check;

import org.jspecify.annotations.NullMarked;
