package dev.keelson.raft.cluster;

import dev.keelson.raft.RaftConfig;
import java.util.random.RandomGenerator;

/**
 * What a run is made of: each seed draws its own weights and limits, many of them zero or tiny, since faults that are
 * everywhere hide what each of them does alone.
 */
record Swarm(
        int members,
        int events,
        double loss,
        double duplicate,
        double crash,
        double confChange,
        double cut,
        double transfer,
        double partition,
        double pause,
        double sync,
        double hold,
        long appendBytesMax,
        int inflightMessagesMax,
        long committedBytesMax) {

    static Swarm draw(RandomGenerator random, int events) {
        return new Swarm(
                random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(5),
                events,
                sometimes(random, 0.2),
                sometimes(random, 0.2),
                sometimes(random, 0.01),
                sometimes(random, 0.02),
                sometimes(random, 0.02),
                sometimes(random, 0.01),
                sometimes(random, 0.004),
                sometimes(random, 0.004),
                random.nextBoolean() ? 1 : random.nextDouble() * 0.6,
                sometimes(random, 0.5),
                random.nextBoolean() ? 1 << 20 : 60,
                1 + random.nextInt(random.nextBoolean() ? 3 : 100),
                random.nextBoolean() ? 1 << 20 : 60);
    }

    private static double sometimes(RandomGenerator random, double most) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble() * most;
    }

    RaftConfig config(long id, long applied) {
        return RaftConfig.defaults(id)
                .withElectionTicks(5)
                .withApplied(applied)
                .withAppendBytesMax(appendBytesMax)
                .withInflightMessagesMax(inflightMessagesMax)
                .withUncommittedBytesMax(2000)
                .withCommittedBytesMax(committedBytesMax);
    }
}
