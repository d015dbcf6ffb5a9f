package dev.keelson.mvcc.lease;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the leader's clock costs for each renewal, the ticks in between included; run as {@code StoreBenchmark} in the
 * package above.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class LessorBenchmark {

    private static final long TERM = 1;
    private static final long TTL_SECONDS = 60;
    private static final long TICK_MILLIS = 100;

    /** Each lease is renewed three times in its life. */
    private static final long RENEWALS_PER_LIFE = 3;

    @Param({"10000", "1000000"})
    int leases;

    private final SplittableRandom random = new SplittableRandom(1);
    private Lessor lessor = new Lessor(0, 0);
    private long renewals;
    private long now;
    private long renewalsPerTick;

    @Setup(Level.Trial)
    public void grant() {
        lessor = new Lessor(1_000, 300_000);
        lessor.promote(TERM);
        lessor.inheritedAll();
        for (long id = 1; id <= leases; id++) {
            lessor.granted(new Lessor.Identity(id, id), TTL_SECONDS);
        }
        lessor.tick(now, 0, 0);
        renewalsPerTick = leases * RENEWALS_PER_LIFE / (TTL_SECONDS * 1_000 / TICK_MILLIS);
    }

    @Benchmark
    public Lessor.Renewal renew() {
        if (++renewals % renewalsPerTick == 0) {
            now += TICK_MILLIS;
            for (Lessor.Identity lease : lessor.tick(now, 1_000, 1_000).expired()) {
                lessor.revoked(lease.id());
                lessor.granted(lease, TTL_SECONDS);
            }
        }
        return lessor.renew(TERM, random.nextLong(leases) + 1);
    }

    @Benchmark
    public List<Lessor.Identity> tickWithNothingDue() {
        return lessor.tick(now, 0, 0).expired();
    }
}
