package dev.ucode.setup;

import dev.ucode.state.Exporter;
import org.jspecify.annotations.Nullable;

/**
 * {@code ucode configure tracing}.
 *
 * @param workspace as typed; null for the current one
 * @param disable takes tracing away again
 * @param exporter who sends; null for the native one, or the one chosen before
 */
public record TracingRequest(
    @Nullable String workspace, boolean disable, @Nullable Exporter exporter) {}
