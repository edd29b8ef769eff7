/** The real agents, run through the distribution against the sandbox, judged by what landed. */
@NullMarked
package dev.ucode.acceptance.real;

import org.jspecify.annotations.NullMarked;
