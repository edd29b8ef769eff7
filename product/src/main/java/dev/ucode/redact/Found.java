package dev.ucode.redact;

/**
 * A secret found in a text.
 *
 * @param from index of its first character
 * @param to index after its last
 */
record Found(String kind, int from, int to) {}
