/**
 * What sinks share: spans as OpenTelemetry's protobuf, with the attributes that MLflow and the
 * GenAI conventions name.
 */
@NullMarked
package dev.ucode.sink.wire;

import org.jspecify.annotations.NullMarked;
