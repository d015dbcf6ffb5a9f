package dev.keelson.sim;

import dev.keelson.raft.RaftStatus;
import dev.keelson.sim.check.HistoryChecker.Reign;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When one leader led undisturbed: it runs, its disk answers, and what it appended is committed and applied a while
 * later. Only such time has to count against leases.
 *
 * <p>Thread rule: one thread.
 */
final class Reigns {

    /** Within this time a leader that is not disturbed commits and applies what it has appended. */
    private static final long COMMITS_MICROS_MAX = World.MICROS_PER_SECOND;

    private final World world;
    private final SimCluster cluster;
    private final List<Reign> past = new ArrayList<>();
    private final ArrayDeque<Appended> appended = new ArrayDeque<>();
    private @Nullable Present now;

    private record Present(long leader, long term, long from, long to) {}

    private record Appended(long at, long index) {}

    Reigns(World world, SimCluster cluster) {
        this.world = world;
        this.cluster = cluster;
    }

    /** Looks who leads; often enough that nobody else has led between two looks. */
    void look() {
        SimMember leader = cluster.leader().orElse(null);
        if (leader == null || leader.isPaused() || leader.isStalled()) {
            end();
            return;
        }
        RaftStatus status = leader.engine().raftStatus();
        Present reign = now;
        if (reign != null && (reign.leader() != leader.id() || reign.term() != status.term())) {
            end();
            reign = null;
        }
        if (!keepsUp(status)) {
            end();
            return;
        }
        long from = reign == null ? world.nowMicros() : reign.from();
        now = new Present(leader.id(), status.term(), from, world.nowMicros());
    }

    private boolean keepsUp(RaftStatus status) {
        appended.addLast(new Appended(world.nowMicros(), status.lastIndex()));
        while (appended.getFirst().at() < world.nowMicros() - 2 * COMMITS_MICROS_MAX) {
            appended.removeFirst();
        }
        for (Appended before : appended) {
            boolean isDue = before.at() <= world.nowMicros() - COMMITS_MICROS_MAX;
            if (isDue && before.index() > status.applied()) {
                return false;
            }
        }
        return true;
    }

    private void end() {
        Present reign = now;
        if (reign != null) {
            past.add(new Reign(reign.from(), reign.to()));
            now = null;
        }
        appended.clear();
    }

    /** All so far, the present one last. */
    List<Reign> all() {
        end();
        return past;
    }
}
