/** Where traces go: the port that every destination implements. */
@NullMarked
package dev.ucode.sink;

import org.jspecify.annotations.NullMarked;
