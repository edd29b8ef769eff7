/** A tour without an account, in a home of its own. */
@NullMarked
package dev.ucode.demo;

import org.jspecify.annotations.NullMarked;
