package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Load;
import java.time.Duration;
import java.util.List;

/** A small cluster with clients that write to it without a pause, and what is demanded of each change made meanwhile. */
final class Flow implements AutoCloseable {

    /** Twice the election timeout that clusters have by default. */
    static final Duration STALL_MAX = Duration.ofSeconds(2);

    /** Of a change for which leaders hand over. */
    static final Duration STALL_OF_ROLL_MAX = Duration.ofSeconds(1);

    /** Clients of a member whose machine is gone learn of it from an unanswered ping, which takes 13 seconds at most. */
    static final Duration STALL_WITHOUT_NODE_MAX = Duration.ofSeconds(20);

    private static final Duration WRITES_MAX = Duration.ofSeconds(60);
    private static final int WRITES_BETWEEN = 100;
    private static final int WORKERS = 4;

    /** Small members, so that five of them fit on one machine; where fewer nodes are than members, they may share. */
    private static final String SPEC = """
            {members: %d, storage: {size: 1Gi, onClusterDeletion: Delete}, scheduling: {hostAntiAffinity: %s},
             resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 512Mi}}}
            """;

    private final OperatedCluster cluster;
    private final Load load;

    private Flow(OperatedCluster cluster, Load load) {
        this.cluster = cluster;
        this.load = load;
    }

    static String spec(int members, String hostAntiAffinity) {
        return SPEC.formatted(members, hostAntiAffinity);
    }

    /** A cluster of so many members, each on a node of its own, and its clients. */
    static Flow start(Kubernetes kubernetes, String test, int members) {
        return start(kubernetes, test, spec(members, "Required"));
    }

    static Flow start(Kubernetes kubernetes, String test, String spec) {
        long begun = System.nanoTime();
        OperatedCluster cluster = OperatedCluster.start(kubernetes, test, spec);
        show("%s, apply to Ready: %d ms".formatted(test, millisSince(begun)));
        Load load = cluster.load(WORKERS);
        load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
        return new Flow(cluster, load);
    }

    OperatedCluster cluster() {
        return cluster;
    }

    private static long millisSince(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    static void show(String text) {
        System.out.println("operator flows: " + text);
    }

    /** Makes a change while clients write; fails when they had to wait longer than that or lost anything. */
    void during(String what, Duration stallMax, Runnable change) {
        long before = load.acknowledged();
        long begun = System.nanoTime();
        change.run();
        long taken = millisSince(begun);
        load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
        Duration stall = load.longestStallAfter(before);
        show("%s: %d ms, longest stall %d ms; %s".formatted(what, taken, stall.toMillis(), load.verify()));
        assertThat(stall).as("longest stall of writes: " + what).isLessThan(stallMax);
    }

    /** Returns when clients have written some more: time in which nothing may happen, measured by what has to go on. */
    void awaitWrites(int writes) {
        load.awaitMore(writes, WRITES_MAX);
    }

    List<Load.Stall> stallsLongerThan(Duration length) {
        return load.stallsLongerThan(length);
    }

    @Override
    public void close() {
        try (cluster) {
            load.close();
        }
    }
}
