package dev.ucode.trace;

import dev.ucode.json.Json;
import java.time.Instant;

/**
 * Something that happened at one moment within a span: a compaction, an API retry, an interrupt.
 */
public record Event(String name, Instant time, Json.Obj attributes) {}
