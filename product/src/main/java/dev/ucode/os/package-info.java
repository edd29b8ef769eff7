/** The machine: environment, folders, processes, atomic files, locks, time. */
@NullMarked
package dev.ucode.os;

import org.jspecify.annotations.NullMarked;
