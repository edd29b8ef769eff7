/** The SQL warehouses that exist, and in which state. */
@NullMarked
package dev.ucode.sandbox.warehouse;

import org.jspecify.annotations.NullMarked;
