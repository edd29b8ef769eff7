/** Who calls: users, their tokens, the OAuth endpoints, and what each user may do. */
@NullMarked
package dev.ucode.sandbox.identity;

import org.jspecify.annotations.NullMarked;
