/** Spans of calls for an OpenTelemetry collector. Nothing here is loaded unless tracing is asked for. */
@NullMarked
package dev.keelson.server.tracing;

import org.jspecify.annotations.NullMarked;
