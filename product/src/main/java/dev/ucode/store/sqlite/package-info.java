/** The store as one SQLite file. */
@NullMarked
package dev.ucode.store.sqlite;

import org.jspecify.annotations.NullMarked;
