package dev.keelson.sim.cluster;

import dev.keelson.engine.EngineListener;
import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import java.util.List;

/**
 * What one life of a member tells the cluster around it.
 *
 * <p>Thread rule: one thread.
 */
final class MemberListener implements EngineListener {

    private final SimMember member;
    private final Life life;
    private final SimCluster cluster;

    MemberListener(SimMember member, Life life, SimCluster cluster) {
        this.member = member;
        this.life = life;
        this.cluster = cluster;
    }

    @Override
    public void leaderChanged(long leader, long term) {
        cluster.leaderChanged(member, leader, term);
    }

    @Override
    public void membersChanged(List<Member> members) {
        cluster.membersChanged(member.id(), members);
    }

    @Override
    public void published() {
        member.published();
    }

    @Override
    public void failed(Throwable cause) {
        if (life.isAlive()) {
            member.failed(cause);
        }
    }

    @Override
    public void clusterVersionSet(String version) {}

    @Override
    public void snapshotInstalled(AppliedPoint point) {
        member.snapshotInstalled();
    }
}
