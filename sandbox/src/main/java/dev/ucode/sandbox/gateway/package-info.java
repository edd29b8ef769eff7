/** The AI gateway's Anthropic paths, served by a scripted model. */
@NullMarked
package dev.ucode.sandbox.gateway;

import org.jspecify.annotations.NullMarked;
