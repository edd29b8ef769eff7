/** How reports look: as text for people, as JSON for programs. */
@NullMarked
package dev.ucode.cli.view;

import org.jspecify.annotations.NullMarked;
