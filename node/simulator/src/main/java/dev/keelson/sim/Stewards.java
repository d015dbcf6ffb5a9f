package dev.keelson.sim;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.membership.MemberChange.Kind;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Those who look after the membership: a member whose disk is lost is removed, a new one joins as a learner, a learner
 * that has caught up gets a vote, and the number of members follows what is aimed for.
 *
 * <p>They do one thing at a time and look at the result before the next, as the operator does.
 *
 * <p>Thread rule: one thread.
 */
final class Stewards {

    private static final long LOOK_EVERY_MICROS = World.MICROS_PER_SECOND;
    private static final long CAUGHT_UP_ENTRIES = 20;

    private final World world;
    private final SimCluster cluster;
    private int aim;
    private boolean stopped;
    private @Nullable SimMember joining;

    Stewards(World world, SimCluster cluster, int aim) {
        this.world = world;
        this.cluster = cluster;
        this.aim = aim;
    }

    void aimFor(int members) {
        aim = members;
    }

    void stop() {
        stopped = true;
    }

    void start() {
        world.after(LOOK_EVERY_MICROS, 0, () -> {
            if (!stopped) {
                cluster.leader().filter(leader -> !leader.isPaused()).ifPresent(this::look);
                start();
            }
        });
    }

    private void look(SimMember leader) {
        NodeEngine engine = leader.engine();
        List<Member> members = leader.knownMembers();
        retire(engine);
        Optional<Member> lost = members.stream().filter(this::isLost).findFirst();
        Optional<Member> learner = members.stream().filter(Member::learner).findFirst();
        if (lost.isPresent()) {
            engine.proposeMember(Kind.REMOVE, lost.get());
        } else if (learner.isPresent()) {
            promote(engine, learner.get());
        } else if (members.size() < aim) {
            join(leader);
        } else if (members.size() > aim
                && members.stream().allMatch(member -> cluster.atlas().isWhole(member.id()))) {
            shrink(leader, members);
        }
    }

    /** Stops those that the cluster has removed; it never takes them back. */
    private void retire(NodeEngine engine) {
        for (SimMember member : cluster.members()) {
            if (engine.isRemoved(member.id())) {
                cluster.atlas().removed(member.id());
                if (!member.isGone()) {
                    member.lose("removed");
                    cluster.goals().reach(Goal.MEMBER_REMOVED);
                }
            }
        }
    }

    private boolean isLost(Member member) {
        SimMember found = cluster.find(member.id());
        return found == null || found.isGone();
    }

    private void promote(NodeEngine engine, Member learner) {
        SimMember member = cluster.find(learner.id());
        if (member != null && member.isAlive()) {
            long behind =
                    engine.raftStatus().commit() - member.engine().raftStatus().applied();
            if (behind <= CAUGHT_UP_ENTRIES) {
                engine.proposeMember(Kind.PROMOTE, learner);
                cluster.goals().reach(Goal.LEARNER_PROMOTED);
            }
        }
    }

    private void join(SimMember leader) {
        if (joining == null || joining.isGone() || isMember(leader, joining)) {
            joining = cluster.addMember();
            cluster.goals().reach(Goal.MEMBER_REPLACED);
        }
        leader.engine()
                .proposeMember(
                        Kind.ADD, new Member(joining.id(), "", List.of("http://p" + joining.id()), List.of(), true));
        joining.start();
    }

    private static boolean isMember(SimMember leader, SimMember member) {
        return leader.knownMembers().stream().anyMatch(known -> known.id() == member.id());
    }

    /** Removes one, where the others could still decide. */
    private void shrink(SimMember leader, List<Member> members) {
        Member chosen = members.get(world.random(Stream.FAULTS).nextInt(members.size()));
        if (chosen.id() == leader.id()) {
            // The leader goes last, after handing over.
            Member heir = members.get(world.random(Stream.FAULTS).nextInt(members.size()));
            leader.engine().transferLeader(heir.id());
            return;
        }
        long left = members.stream()
                .filter(member -> member.id() != chosen.id())
                .map(member -> cluster.find(member.id()))
                .filter(member -> member != null && member.isAlive() && !member.isPaused())
                .count();
        if (left > (members.size() - 1) / 2) {
            cluster.reserveRemoval(chosen.id());
            leader.engine().proposeMember(Kind.REMOVE, chosen);
        }
    }
}
