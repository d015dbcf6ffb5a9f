package dev.keelson.sim;

import dev.keelson.sim.disk.FaultCounts;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Many seeds, one after the other on each of some threads, and what they came to together.
 *
 * <p>The one place of the simulator with threads and clocks: runs share nothing, and when to stop is no part of a run.
 *
 * <p>Thread rule: made and run by one thread.
 */
final class Sweep {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** So many members have the runs whose speed is told apart. */
    private static final int USUAL_MEMBERS = 3;

    private final Arguments arguments;
    private final Consumer<String> violationsHeard;
    private final AtomicLong nextSeed;
    private final long begin = System.nanoTime();
    private final List<String> violations = new ArrayList<>();
    private final Goals goals = new Goals();
    private final FaultCounts diskFaults = new FaultCounts();
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private long seeds;
    private long simulatedMicros;
    private long cpuNanos;
    private long usualMicros;
    private long usualCpuNanos;
    private long operations;
    private long leaseOperations;
    private long watchEvents;
    private long events;
    private long overspent;
    private long undecided;

    /** @param violationsHeard told of each violation when it is found */
    Sweep(Arguments arguments, Consumer<String> violationsHeard) {
        this.arguments = arguments;
        this.violationsHeard = violationsHeard;
        this.nextSeed = new AtomicLong(arguments.first());
    }

    /** Runs the seeds; returns when all are done or the time is over. */
    void run() throws InterruptedException {
        var jobs = new ArrayList<Thread>();
        for (int i = 0; i < arguments.jobs(); i++) {
            jobs.add(Thread.ofPlatform().start(this::runSeeds));
        }
        for (Thread job : jobs) {
            job.join();
        }
    }

    private boolean isTimeOver() {
        long limit = Duration.ofMinutes(arguments.minutes()).toNanos();
        return limit > 0 && System.nanoTime() - begin >= limit;
    }

    private void runSeeds() {
        for (long seed = nextSeed.getAndIncrement();
                seed < arguments.first() + arguments.seeds() && !isTimeOver();
                seed = nextSeed.getAndIncrement()) {
            try {
                long cpuBefore = THREADS.getCurrentThreadCpuTime();
                RunResult result = Simulation.run(seed, Journal.NONE);
                add(result, THREADS.getCurrentThreadCpuTime() - cpuBefore);
            } catch (RuntimeException | AssertionError violation) {
                violated(seed, violation);
            }
        }
    }

    private synchronized void add(RunResult result, long cpu) {
        seeds++;
        simulatedMicros += result.simulatedMicros();
        cpuNanos += cpu;
        if (result.members() == USUAL_MEMBERS) {
            usualMicros += result.simulatedMicros();
            usualCpuNanos += cpu;
        }
        operations += result.operations();
        leaseOperations += result.leaseOperations();
        watchEvents += result.watchEvents();
        overspent += result.overspent() ? 1 : 0;
        undecided += result.undecided() > 0 ? 1 : 0;
        events += result.events();
        goals.addAll(result.goals());
        diskFaults.addAll(result.diskFaults());
        result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    }

    private synchronized void violated(long seed, Throwable violation) {
        seeds++;
        String text = "seed " + seed + " violated: " + violation.getMessage() + "; replay it with --seed " + seed;
        violations.add(text);
        violationsHeard.accept(text);
    }

    List<String> violations() {
        return violations;
    }

    Goals goals() {
        return goals;
    }

    long operations() {
        return operations;
    }

    long leaseOperations() {
        return leaseOperations;
    }

    long watchEvents() {
        return watchEvents;
    }

    /** Histories that were not judged to their end. */
    long judgedInPart() {
        return undecided + overspent;
    }

    /** What the runs came to, the last line in figures. */
    String summary() {
        double seconds = (System.nanoTime() - begin) / 1e9;
        return "goals %s%nfaults %s, of disks %s%n".formatted(goals, faults, diskFaults)
                + "simulated seconds per CPU second of the runs: %.0f, %.0f with %d members%n"
                        .formatted(speed(simulatedMicros, cpuNanos), speed(usualMicros, usualCpuNanos), USUAL_MEMBERS)
                + ("%d seeds (from %d), %.1f simulated hours in %.0f s, "
                                + "%d operations checked, %d of leases, %d watch events, %d events, %d seeds judged for safety alone, "
                                + "%d histories judged in part, %d violations")
                        .formatted(
                                seeds,
                                arguments.first(),
                                simulatedMicros / 3.6e9,
                                seconds,
                                operations,
                                leaseOperations,
                                watchEvents,
                                events,
                                overspent,
                                undecided,
                                violations.size());
    }

    private static double speed(long micros, long nanos) {
        return nanos == 0 ? 0 : micros * 1e3 / nanos;
    }
}
