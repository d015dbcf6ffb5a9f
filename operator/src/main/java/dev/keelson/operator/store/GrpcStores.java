package dev.keelson.operator.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Reaches members over grpc-java's Netty transport, and keeps the connections of each cluster from pass to pass. What is kept is
 * bounded by the members there are: a cluster that no pass has been about for a while has no connections any more.
 *
 * <p>Thread rule: any thread; one at a time for each cluster.
 */
public final class GrpcStores implements Stores {
    /** Longer than the longest pause between two passes over a cluster that is there, also while they fail. */
    static final Duration UNUSED_MAX = Duration.ofMinutes(3);

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    public GrpcStores() {
        this(System::nanoTime);
    }

    GrpcStores(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Connections, and when they were last asked for. */
    private record Held(Connections connections, long sinceNanos) {}

    @Override
    public Store open(String cluster, List<Endpoint> members, Entry entry) {
        long now = nanos.getAsLong();
        held.forEach((other, kept) -> {
            if (now - kept.sinceNanos() > UNUSED_MAX.toNanos()) {
                forget(other);
            }
        });
        Held kept = held.get(cluster);
        if (kept != null && !kept.connections().areFor(entry.tls())) {
            forget(cluster);
            kept = null;
        }
        Connections connections = kept == null ? new Connections(entry.tls()) : kept.connections();
        held.put(cluster, new Held(connections, now));
        return new GrpcStore(connections, connections.reach(members), entry.rootPasswords());
    }

    @Override
    public void forget(String cluster) {
        Held gone = held.remove(cluster);
        if (gone != null) {
            gone.connections().close();
        }
    }

    /** How many connections are kept, over all clusters. */
    int size() {
        return held.values().stream()
                .mapToInt(kept -> kept.connections().size())
                .sum();
    }
}
