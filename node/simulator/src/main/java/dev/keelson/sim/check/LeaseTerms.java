package dev.keelson.sim.check;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the time of a store may be from the time of a history, within which leases have to end when they should.
 *
 * <p>Thread rule: one thread.
 */
public final class LeaseTerms {

    private record Jump(long at, long by) {}

    private final long second;
    private final Rates rates;
    private final long slack;
    private final long handOver;
    private final List<Jump> jumps = new ArrayList<>();

    /**
     * The clocks of the members.
     *
     * @param fastest seconds that the fastest counts in a second, at least 1
     * @param slowest seconds that the slowest counts in a second, at most 1
     */
    public record Rates(double fastest, double slowest) {

        public static final Rates TRUE = new Rates(1, 1);

        public Rates {
            if (fastest < 1 || slowest > 1 || slowest <= 0) {
                throw new IllegalArgumentException("clocks from " + slowest + " to " + fastest);
            }
        }
    }

    /**
     * @param second a second on the clock of the history
     * @param slack how long after its time a lease may still live under a leader: what the interval at which the leader
     *     looks and its queues take
     * @param handOver how much of a leader's time may not count as the next one inherits the lease: an election time-out
     *     that it is given on top, and what has passed since what is left of it was noted down
     */
    public LeaseTerms(long second, Rates rates, long slack, long handOver) {
        this.second = second;
        this.rates = rates;
        this.slack = slack;
        this.handOver = handOver;
    }

    /** The clock of a member jumped forward; told in the order of the moments. */
    public void jumped(long at, long by) {
        jumps.add(new Jump(at, by));
    }

    /** Before this moment a lease of so many seconds that was renewed at {@code from} has not expired. */
    long earliestEnd(long from, long ttlSeconds) {
        long end = from + (long) (ttlSeconds * second / rates.fastest());
        for (int i = jumps.size() - 1; i >= 0; i--) {
            Jump jump = jumps.get(i);
            if (jump.at() >= from && jump.at() < end) {
                end = Math.max(jump.at(), end - jump.by());
            }
        }
        return end;
    }

    /** It is gone when leaders have led for so long since its last renewal, as far as that counts. */
    long longestLife(long ttlSeconds) {
        return (long) Math.ceil(ttlSeconds * second / rates.slowest()) + slack;
    }

    long handOver() {
        return handOver;
    }

    /** The same in seconds. */
    long extensionSeconds() {
        return Math.ceilDiv(handOver, second);
    }
}
