/**
 * People's commands: words and options in, a feature's report out as text or JSON, errors as exit
 * codes.
 */
@NullMarked
package dev.ucode.cli;

import org.jspecify.annotations.NullMarked;
