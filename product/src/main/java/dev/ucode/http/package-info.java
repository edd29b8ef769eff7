/** One HTTP client: deadlines, typed failures, nothing secret in its logs. */
@NullMarked
package dev.ucode.http;

import org.jspecify.annotations.NullMarked;
