/** The sandbox's one SQLite file: connections, transactions, settings. */
@NullMarked
package dev.ucode.sandbox.store;

import org.jspecify.annotations.NullMarked;
