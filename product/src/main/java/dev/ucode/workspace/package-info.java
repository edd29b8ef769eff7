/**
 * A Databricks workspace: sign-in, tokens, models, experiments, warehouses, as interfaces and
 * records.
 */
@NullMarked
package dev.ucode.workspace;

import org.jspecify.annotations.NullMarked;
