/** Coding agents: the port, what an agent may be able to do, and the list of them. */
@NullMarked
package dev.ucode.agent;

import org.jspecify.annotations.NullMarked;
