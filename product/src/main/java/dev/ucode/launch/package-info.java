/**
 * A launch: the person's arguments, the plan, its files, and the terminal's handover to the agent.
 */
@NullMarked
package dev.ucode.launch;

import org.jspecify.annotations.NullMarked;
