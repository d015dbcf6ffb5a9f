package dev.keelson.engine.world;

import dev.keelson.engine.Member;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.raft.message.Message.InstallSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The members of a simulated cluster and what happens to them. */
final class SimCluster {

    private static final long SNAPSHOT_MICROS_MAX = 200_000;

    private final World world;
    private final Network network;
    private final List<SimMember> members = new ArrayList<>();
    private final Map<Long, Long> leaderOfTerm = new HashMap<>();
    private final long replayEntriesMax;
    private final long catchUpEntries;
    private int snapshotsInstalled;

    SimCluster(World world, int size, Network.Faults faults) {
        this.world = world;
        this.replayEntriesMax = world.random().nextLong(20, 200);
        this.catchUpEntries = world.random().nextLong(0, 50);
        this.network =
                new Network(world, faults, message -> member(message.to()).receive(message));
        for (long id = 1; id <= size; id++) {
            members.add(new SimMember(id, world, network, this));
        }
    }

    void startAll() {
        members.stream().filter(member -> !member.isAlive()).forEach(SimMember::start);
    }

    List<SimMember> members() {
        return members;
    }

    SimMember member(long id) {
        return members.get((int) id - 1);
    }

    SimMember anyMember() {
        return members.get(world.random().nextInt(members.size()));
    }

    Network network() {
        return network;
    }

    int snapshotsInstalled() {
        return snapshotsInstalled;
    }

    long replayEntriesMax() {
        return replayEntriesMax;
    }

    long catchUpEntries() {
        return catchUpEntries;
    }

    List<Member> initialMembers() {
        return members.stream()
                .map(member -> new Member(member.id, "", List.of("http://p" + member.id), List.of(), false))
                .toList();
    }

    void leaderElected(long id, long term) {
        Long other = leaderOfTerm.putIfAbsent(term, id);
        if (other != null && other != id) {
            throw new AssertionError("two leaders of term " + term + ": " + other + " and " + id);
        }
    }

    void snapshotInstalled() {
        snapshotsInstalled++;
    }

    void sendSnapshot(InstallSnapshot message, InMemoryBackend files, Consumer<Boolean> done) {
        world.after(world.delay(1_000, SNAPSHOT_MICROS_MAX), () -> {
            boolean delivered = network.isOpen(message.from(), message.to())
                    && member(message.to()).isAlive()
                    && !world.chance(0.2);
            if (delivered) {
                member(message.to()).receive(message, files);
            }
            done.accept(delivered);
        });
    }
}
