/** The starting states that a sandbox can be put into, by name. */
@NullMarked
package dev.ucode.sandbox.state;

import org.jspecify.annotations.NullMarked;
