/** What the workspace's gateway offers: the listings that clients look models up in. */
@NullMarked
package dev.ucode.sandbox.discovery;

import org.jspecify.annotations.NullMarked;
