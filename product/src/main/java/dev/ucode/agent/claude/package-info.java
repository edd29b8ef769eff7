/** Claude Code: its settings, its command line, its transcripts. */
@NullMarked
package dev.ucode.agent.claude;

import org.jspecify.annotations.NullMarked;
