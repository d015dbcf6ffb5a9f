package dev.keelson.sim;

import dev.keelson.sim.world.Journal;
import dev.keelson.sim.world.World;

/**
 * The command {@code simulate}: runs seeds and sums up, or replays one seed with a line for each event.
 *
 * <p>Thread rule: main thread.
 */
public final class Simulate {

    private static final int EXIT_VIOLATED = 1;
    private static final int EXIT_USAGE = 2;

    private Simulate() {}

    public static void main(String[] words) throws InterruptedException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException wrong) {
            System.err.println("simulate: " + wrong.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        System.exit(arguments.replays() ? replay(arguments.seed()) : sweep(arguments));
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

    private static int sweep(Arguments arguments) throws InterruptedException {
        var sweep = new Sweep(arguments, System.out::println);
        sweep.run();
        System.out.println(sweep.summary());
        return sweep.violations().isEmpty() ? 0 : EXIT_VIOLATED;
    }
}
