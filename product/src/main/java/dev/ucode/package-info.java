/** Root: the entry point and the composition of the rooms. */
@NullMarked
package dev.ucode;

import org.jspecify.annotations.NullMarked;
