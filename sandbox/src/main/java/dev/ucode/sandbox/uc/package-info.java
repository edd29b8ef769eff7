/** Unity Catalog: the trace tables and views, what is in them, and who holds rows back. */
@NullMarked
package dev.ucode.sandbox.uc;

import org.jspecify.annotations.NullMarked;
