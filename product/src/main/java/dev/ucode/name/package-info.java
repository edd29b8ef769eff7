/** Typed names: workspaces, agents, tables, sessions. */
@NullMarked
package dev.ucode.name;

import org.jspecify.annotations.NullMarked;
