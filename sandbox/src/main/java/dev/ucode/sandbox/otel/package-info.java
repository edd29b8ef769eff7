/** OTLP ingest: decodes export requests and appends their spans to a Unity Catalog table. */
@NullMarked
package dev.ucode.sandbox.otel;

import org.jspecify.annotations.NullMarked;
