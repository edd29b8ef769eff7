/** What ucode remembers under {@code ~/.ucode}, as versioned records. */
@NullMarked
package dev.ucode.state;

import org.jspecify.annotations.NullMarked;
