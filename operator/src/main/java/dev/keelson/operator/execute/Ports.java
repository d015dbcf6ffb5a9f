package dev.keelson.operator.execute;

import dev.keelson.operator.certificates.Handshakes;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.store.Stores;
import java.time.Clock;

/** The world as a pass sees it. */
public record Ports(Kubernetes kubernetes, Stores stores, Handshakes handshakes, Events events, Clock clock) {}
