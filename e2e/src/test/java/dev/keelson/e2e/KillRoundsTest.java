package dev.keelson.e2e;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Tools;
import dev.keelson.e2e.harness.Watchers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Kills members of a cluster under load, again and again that others watch; {@code -De2e.rounds=N} says how
 * often.
 */
class KillRoundsTest {

    private static final int ROUNDS = Integer.getInteger("e2e.rounds", 30);
    private static final int LEADER_EVERY = 3;
    private static final int ALL_EVERY = 10;
    private static final int WRITERS = 8;
    private static final int WATCHERS = 4;
    private static final int WATCHED_EVERY = 10;
    private static final int WRITES_BETWEEN = 50;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

    @Test
    void noAcknowledgedWriteIsLostNoWatcherMissesOneAndAllMembersAgreeAfterEachRound() {
        long seed = Long.getLong("e2e.seed", System.nanoTime());
        System.out.println("kill rounds: " + ROUNDS + ", replay the choice of members with -De2e.seed=" + seed);
        var random = new Random(seed);
        try (Cluster cluster = Cluster.start(Tools.server(), "kill-rounds", 3);
                Load load = Load.start(cluster, WRITERS);
                Watchers watchers = Watchers.start(cluster, WATCHERS)) {
            for (int round = 1; round <= ROUNDS; round++) {
                awaitProgress(load);
                List<Member> victims = victims(cluster, round, random);
                victims.forEach(Member::kill);
                victims.forEach(Member::launch);
                victims.forEach(Member::awaitReady);
                System.out.println("round " + round + ": killed "
                        + victims.stream().map(Member::name).toList() + "; " + load.verify());
                if (round % WATCHED_EVERY == 0) {
                    System.out.println("round " + round + ": " + watchers.verify(load));
                }
            }
            System.out.println("kill rounds: " + watchers.verify(load));
        }
    }

    private static void awaitProgress(Load load) {
        long enough = load.acknowledged() + WRITES_BETWEEN;
        Await.until(enough + " acknowledged writes", PROGRESS_MAX, () -> load.acknowledged() >= enough);
    }

    private static List<Member> victims(Cluster cluster, int round, Random random) {
        if (round % ALL_EVERY == 0) {
            return cluster.members();
        }
        if (round % LEADER_EVERY == 0) {
            return List.of(cluster.leader());
        }
        return List.of(cluster.members().get(random.nextInt(cluster.members().size())));
    }
}
