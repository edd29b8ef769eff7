/** The workspace over its REST API. */
@NullMarked
package dev.ucode.workspace.rest;

import org.jspecify.annotations.NullMarked;
