/** The sandbox's SQL beside Apache Spark's, over the same rows. */
@NullMarked
package dev.ucode.parity;

import org.jspecify.annotations.NullMarked;
