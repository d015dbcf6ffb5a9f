package dev.keelson.server.tracing;

/**
 * Where spans go and which.
 *
 * @param address host and port of the collector
 * @param serviceName what the process calls itself there
 * @param instanceId which one it is, empty to leave it out
 * @param samplesPerMillion how many of a million calls make spans, unless the caller has decided
 */
public record TracingConfig(String address, String serviceName, String instanceId, int samplesPerMillion) {}
