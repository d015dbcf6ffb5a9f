package dev.keelson.e2e.harness;

import java.nio.file.Path;
import java.util.List;

/** Watchers of all that a {@link Load} writes, and the proof that each was told everything once, in order. */
public final class Watchers implements AutoCloseable {

    private final Cluster cluster;
    private final int count;
    private final Program program;

    private Watchers(Cluster cluster, int count, Program program) {
        this.cluster = cluster;
        this.count = count;
        this.program = program;
    }

    public static Watchers start(Cluster cluster, int count) {
        Program program = Program.start(
                cluster,
                "watch",
                List.of(
                        Tools.go("load").toString(),
                        "watch",
                        "--endpoints",
                        cluster.endpoints(),
                        "--workers",
                        Integer.toString(count),
                        "--follow",
                        Load.FOLLOW_EVERY,
                        "--watched",
                        watched(cluster).toString()));
        return new Watchers(cluster, count, program);
    }

    private static Path watched(Cluster cluster) {
        return cluster.directory().resolve("watched");
    }

    /**
     * Checks what they were told against the journal of the load, once they have heard of the last write acknowledged so
     * far; fails with what was missing, out of order or different.
     */
    public String verify(Load load) {
        program.mustRun();
        Run.Result result = Run.command(
                        Tools.go("load").toString(),
                        "watched",
                        "--journal",
                        load.journal().toString(),
                        "--watched",
                        watched(cluster).toString(),
                        "--workers",
                        Integer.toString(count))
                .result();
        if (result.exitCode() != 0) {
            throw new AssertionError(result.output() + "see " + cluster.directory());
        }
        return result.output().strip();
    }

    @Override
    public void close() {
        program.end();
    }
}
