/** Traces into Unity Catalog tables of a Databricks workspace. */
@NullMarked
package dev.ucode.sink.uc;

import org.jspecify.annotations.NullMarked;
