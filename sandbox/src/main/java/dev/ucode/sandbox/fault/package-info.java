/** Faults on request: which requests go wrong, and how. */
@NullMarked
package dev.ucode.sandbox.fault;

import org.jspecify.annotations.NullMarked;
