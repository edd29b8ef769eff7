/** The local stand-in workspace. */
@NullMarked
package dev.ucode.sandbox;

import org.jspecify.annotations.NullMarked;
