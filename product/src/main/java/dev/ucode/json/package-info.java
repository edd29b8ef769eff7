/** JSON as a tree: reader and writer on jackson-core's stream, no annotation mapping. */
@NullMarked
package dev.ucode.json;

import org.jspecify.annotations.NullMarked;
