/**
 * The person's terminal: streams, colour, width, progress, tables; nothing from outside controls
 * it.
 */
@NullMarked
package dev.ucode.console;

import org.jspecify.annotations.NullMarked;
