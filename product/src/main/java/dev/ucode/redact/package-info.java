/** Secrets out of traces: rules, keyed marks, and how much content may leave. */
@NullMarked
package dev.ucode.redact;

import org.jspecify.annotations.NullMarked;
