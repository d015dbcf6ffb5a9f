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
    private final double fastest;
    private final double slowest;
    private final long slack;
    private final List<Jump> jumps = new ArrayList<>();

    /**
     * @param second a second on the clock of the history
     * @param fastest seconds that the fastest clock of a member counts in a second, at least 1
     * @param slowest seconds that the slowest one counts, at most 1
     * @param slack how long after its time a lease may still live while a leader has led undisturbed: what an election,
     *     the interval at which the leader looks, and its queues take
     */
    public LeaseTerms(long second, double fastest, double slowest, long slack) {
        if (fastest < 1 || slowest > 1 || slowest <= 0) {
            throw new IllegalArgumentException("clocks from " + slowest + " to " + fastest);
        }
        this.second = second;
        this.fastest = fastest;
        this.slowest = slowest;
        this.slack = slack;
    }

    /** The clock of a member jumped forward; told in the order of the moments. */
    public void jumped(long at, long by) {
        jumps.add(new Jump(at, by));
    }

    /** Before this moment a lease of so many seconds that was renewed at {@code from} has not expired. */
    long earliestEnd(long from, long ttlSeconds) {
        long end = from + (long) (ttlSeconds * second / fastest);
        for (int i = jumps.size() - 1; i >= 0; i--) {
            Jump jump = jumps.get(i);
            if (jump.at() >= from && jump.at() < end) {
                end = Math.max(jump.at(), end - jump.by());
            }
        }
        return end;
    }

    /** After this moment it is gone, if one leader has led since {@code from}. */
    long latestEnd(long from, long ttlSeconds) {
        return from + (long) Math.ceil(ttlSeconds * second / slowest) + slack;
    }
}
