/**
 * The server: routes, requests, replies, the error shape, and the pipeline every call goes through.
 */
@NullMarked
package dev.ucode.sandbox.http;

import org.jspecify.annotations.NullMarked;
