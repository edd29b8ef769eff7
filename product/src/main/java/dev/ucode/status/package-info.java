/** What is configured and what became of the traces, as one value, found without the network. */
@NullMarked
package dev.ucode.status;

import org.jspecify.annotations.NullMarked;
