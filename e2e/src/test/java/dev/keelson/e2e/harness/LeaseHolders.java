package dev.keelson.e2e.harness;

import java.time.Duration;
import java.util.List;

/** Leases that are renewed for a while and then left to die, and the proof that none dies early nor lives on. */
public final class LeaseHolders implements AutoCloseable {

    private static final Duration LAST_DEATH_MAX = Duration.ofMinutes(2);

    private final Program program;

    private LeaseHolders(Program program) {
        this.program = program;
    }

    /** @param late how much longer than its TTL a lease may live */
    public static LeaseHolders start(Cluster cluster, int count, Duration late) {
        return new LeaseHolders(Program.start(
                cluster,
                "leases",
                List.of(
                        Tools.go("load").toString(),
                        "leases",
                        "--endpoints",
                        cluster.endpoints(),
                        "--workers",
                        Integer.toString(count),
                        "--prefix",
                        "leased",
                        "--late",
                        late.toMillis() + "ms")));
    }

    /** Fails when a lease has died early or lived on so far. */
    public void mustBeRight() {
        program.mustRun();
    }

    /** Grants no more, waits for the end of the last lease; says how all of them went. */
    public String finish() {
        program.terminate();
        program.awaitSuccess(LAST_DEATH_MAX);
        return String.join("; ", program.lines(""));
    }

    @Override
    public void close() {
        program.end();
    }
}
