/** Files of other tools: edits as values, applied atomically, backed up once, reverted exactly. */
@NullMarked
package dev.ucode.config;

import org.jspecify.annotations.NullMarked;
