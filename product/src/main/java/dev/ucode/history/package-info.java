/** Turns as a person looks at them, from the local store or back from the Unity Catalog table. */
@NullMarked
package dev.ucode.history;

import org.jspecify.annotations.NullMarked;
