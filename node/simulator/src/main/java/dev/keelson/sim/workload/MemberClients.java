package dev.keelson.sim.workload;

import dev.keelson.engine.Member;
import dev.keelson.engine.Reply;
import dev.keelson.engine.membership.MemberChange.Kind;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Somebody who says anew where members are reached, now and then where another one is, and who asks members in again that
 * he has not heard are gone.
 *
 * <p>He waits for no answer: what becomes of his changes is judged by the log.
 *
 * <p>Thread rule: one thread.
 */
public final class MemberClients {

    private static final long REST_MICROS_MAX = 3 * World.MICROS_PER_SECOND;
    private static final int PLACES = 5;

    private final World world;
    private final SimCluster cluster;
    private final RandomGenerator random;
    private boolean stopped;

    public MemberClients(World world, SimCluster cluster) {
        this.world = world;
        this.cluster = cluster;
        this.random = world.random(Stream.MEMBERS);
    }

    /** Begins, in some of the worlds. */
    public void start(boolean active) {
        if (active) {
            rest();
        }
    }

    public void stop() {
        stopped = true;
    }

    private void rest() {
        world.after(1 + random.nextLong(REST_MICROS_MAX), 0, () -> {
            if (!stopped) {
                List<SimMember> serving =
                        cluster.members().stream().filter(SimMember::isServing).toList();
                if (!serving.isEmpty()) {
                    ask(serving.get(random.nextInt(serving.size())));
                }
                rest();
            }
        });
    }

    private void ask(SimMember asked) {
        List<Member> known = asked.knownMembers();
        List<SimMember> gone = cluster.members().stream()
                .filter(SimMember::isGone)
                .filter(member -> known.stream().noneMatch(other -> other.id() == member.id()))
                .toList();
        if (!gone.isEmpty() && random.nextInt(3) == 0) {
            askIn(asked, gone.get(random.nextInt(gone.size())).id());
        } else if (!known.isEmpty()) {
            update(asked, known);
        }
    }

    private void askIn(SimMember asked, long id) {
        cluster.goals().reach(Goal.REMOVED_MEMBER_ASKED_IN);
        asked.request(engine ->
                engine.proposeMember(Kind.ADD, new Member(id, "", List.of("http://again" + id), List.of(), true)));
    }

    private void update(SimMember asked, List<Member> known) {
        Member member = known.get(random.nextInt(known.size()));
        Member other = known.get(random.nextInt(known.size()));
        List<String> urls = random.nextInt(4) == 0
                ? other.peerUrls()
                : List.of("http://p" + member.id() + "/" + random.nextInt(PLACES));
        asked.request(engine -> engine.members().update(member.id(), urls, new Reply<>() {
            @Override
            public void succeed(List<Member> members) {
                cluster.goals().reach(Goal.MEMBER_UPDATED);
            }

            @Override
            public void fail(StoreException error) {
                world.note("update refused: " + error.error(), member.id(), 0);
            }
        }));
    }
}
