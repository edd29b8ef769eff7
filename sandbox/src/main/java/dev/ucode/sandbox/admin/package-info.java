/** {@code /sandbox/...}: what no workspace has; faults, what was asked, users, reset, stop. */
@NullMarked
package dev.ucode.sandbox.admin;

import org.jspecify.annotations.NullMarked;
