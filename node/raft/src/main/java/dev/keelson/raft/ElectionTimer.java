package dev.keelson.raft;

import java.util.random.RandomGenerator;

/**
 * Ticks since a leader was heard or a vote given, against a time-out drawn anew for each state a node enters: two nodes
 * that collide once are unlikely to do so twice (paper 5.2).
 */
final class ElectionTimer {

    private final int electionTicks;
    private final RandomGenerator random;
    private int elapsed;
    private int timeout;

    ElectionTimer(int electionTicks, RandomGenerator random) {
        this.electionTicks = electionTicks;
        this.random = random;
        redraw();
    }

    /** One tick passes; whether it was one too many. */
    boolean tick() {
        elapsed++;
        return elapsed >= timeout;
    }

    void restart() {
        elapsed = 0;
    }

    void redraw() {
        elapsed = 0;
        timeout = electionTicks + random.nextInt(electionTicks);
    }

    /** Whether less than the least time-out has passed: whoever was heard may count on us for that long. */
    boolean isFresh() {
        return elapsed < electionTicks;
    }
}
