/** SQL warehouses and the Statement Execution API, for the statements of one checked-in list. */
@NullMarked
package dev.ucode.sandbox.sql;

import org.jspecify.annotations.NullMarked;
