/** What went wrong, why, and the command that fixes it. */
@NullMarked
package dev.ucode.problem;

import org.jspecify.annotations.NullMarked;
