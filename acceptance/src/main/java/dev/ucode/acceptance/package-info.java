/** What the black-box tests share: the distribution, a sandbox, a person's home, a terminal. */
@NullMarked
package dev.ucode.acceptance;

import org.jspecify.annotations.NullMarked;
