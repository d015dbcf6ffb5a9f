package dev.keelson.e2e.harness;

import java.nio.file.Path;
import java.util.List;

/** A cluster each of whose members has a small disk of its own; all of it goes when it is closed. */
public final class OnDisks implements AutoCloseable {

    private final Cluster cluster;
    private final List<Disk> disks;

    private OnDisks(Cluster cluster, List<Disk> disks) {
        this.cluster = cluster;
        this.disks = disks;
    }

    /** Skips the test where this host cannot mount images. */
    public static OnDisks start(Path program, String test, int mib, String... flags) {
        Disk.assumeAvailable();
        Cluster cluster = Cluster.prepare(program, test, Cluster.freePorts(6), flags);
        var started = new OnDisks(cluster, Disk.below(cluster, mib));
        try {
            cluster.launch();
            return started;
        } catch (RuntimeException | AssertionError failure) {
            started.close();
            throw failure;
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    public Disk of(Member member) {
        return disks.get(cluster.members().indexOf(member));
    }

    @Override
    public void close() {
        cluster.close();
        disks.forEach(Disk::close);
    }
}
