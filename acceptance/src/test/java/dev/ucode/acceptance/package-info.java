/** Black-box tests of the packaged distribution. */
@NullMarked
package dev.ucode.acceptance;

import org.jspecify.annotations.NullMarked;
