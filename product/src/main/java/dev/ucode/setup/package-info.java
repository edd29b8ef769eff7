/** Configure, tracing on and off, revert: plans that are shown or applied. */
@NullMarked
package dev.ucode.setup;

import org.jspecify.annotations.NullMarked;
