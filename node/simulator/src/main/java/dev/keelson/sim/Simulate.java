package dev.keelson.sim;

import dev.keelson.sim.disk.FaultCounts;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import dev.keelson.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The command {@code simulate}: runs seeds and sums up, or replays one seed with a line for each event.
 *
 * <p>Thread rule: one thread a job, each with seeds of its own.
 */
public final class Simulate {

    private static final int EXIT_VIOLATED = 1;
    private static final int EXIT_USAGE = 2;

    private final Arguments arguments;
    private final AtomicLong nextSeed;
    private final long end;
    private final List<String> violations = new ArrayList<>();
    private final Goals goals = new Goals();
    private final FaultCounts diskFaults = new FaultCounts();
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private long seeds;
    private long simulatedMicros;
    private long operations;
    private long overspent;
    private long undecided;
    private long events;

    private Simulate(Arguments arguments) {
        this.arguments = arguments;
        this.nextSeed = new AtomicLong(arguments.first());
        this.end = arguments.minutes() == 0
                ? Long.MAX_VALUE
                : System.nanoTime() + Duration.ofMinutes(arguments.minutes()).toNanos();
    }

    public static void main(String[] words) throws InterruptedException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException wrong) {
            System.err.println("simulate: " + wrong.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        System.exit(arguments.replays() ? replay(arguments.seed()) : new Simulate(arguments).run());
    }

    private static int replay(long seed) {
        System.out.printf("seed %d %s%n", seed, Simulation.options(seed));
        System.out.printf("%14s %6s %-24s %s%n", "seconds", "member", "event", "detail");
        Journal lines = (atMicros, what, member, detail) -> System.out.printf(
                "%14.6f %6d %-24s %d%n", (double) atMicros / World.MICROS_PER_SECOND, member, what, detail);
        try {
            RunResult result = Simulation.run(seed, lines);
            System.out.printf(
                    "seed %d held: %d operations, %d events, digest %016x%n",
                    seed, result.operations(), result.events(), result.digest());
            return 0;
        } catch (RuntimeException | AssertionError violation) {
            violation.printStackTrace(System.out);
            System.out.printf("seed %d violated: %s%n", seed, violation.getMessage());
            return EXIT_VIOLATED;
        }
    }

    private int run() throws InterruptedException {
        long begin = System.nanoTime();
        var jobs = new ArrayList<Thread>();
        for (int i = 0; i < arguments.jobs(); i++) {
            jobs.add(Thread.ofPlatform().start(this::runSeeds));
        }
        for (Thread job : jobs) {
            job.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.println("goals " + goals);
        System.out.println("faults " + faults + ", of disks " + diskFaults);
        System.out.printf(
                "%d seeds (from %d), %.1f simulated hours in %.0f s (%.0f simulated seconds a CPU second), "
                        + "%d operations checked, %d events, %d seeds judged for safety alone, %d histories judged in part, "
                        + "%d violations%n",
                seeds,
                arguments.first(),
                simulatedMicros / 3.6e9,
                seconds,
                simulatedMicros / 1e6 / seconds / arguments.jobs(),
                operations,
                events,
                overspent,
                undecided,
                violations.size());
        return violations.isEmpty() ? 0 : EXIT_VIOLATED;
    }

    private void runSeeds() {
        for (long seed = nextSeed.getAndIncrement();
                seed < arguments.first() + arguments.seeds() && System.nanoTime() < end;
                seed = nextSeed.getAndIncrement()) {
            try {
                add(Simulation.run(seed, Journal.NONE));
            } catch (RuntimeException | AssertionError violation) {
                violated(seed, violation);
            }
        }
    }

    private synchronized void add(RunResult result) {
        seeds++;
        simulatedMicros += result.simulatedMicros();
        operations += result.operations();
        overspent += result.overspent() ? 1 : 0;
        undecided += result.undecided() > 0 ? 1 : 0;
        events += result.events();
        goals.addAll(result.goals());
        diskFaults.addAll(result.diskFaults());
        result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    }

    private synchronized void violated(long seed, Throwable violation) {
        seeds++;
        violations.add(seed + ": " + violation.getMessage());
        System.out.println("seed " + seed + " violated: " + violation.getMessage() + "; replay it with --seed " + seed);
    }
}
