/**
 * What outlives a process: how far sessions have been read, what is to be delivered and has been,
 * and what the views show.
 */
@NullMarked
package dev.ucode.store;

import org.jspecify.annotations.NullMarked;
