package dev.keelson.sim.cluster;

import dev.keelson.engine.Member;
import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.message.Message.InstallSnapshot;
import dev.keelson.sim.disk.DiskFault;
import dev.keelson.sim.disk.FaultAtlas;
import dev.keelson.sim.disk.FaultCounts;
import dev.keelson.sim.network.Network;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The members of a simulated cluster, those that are gone included.
 *
 * <p>Thread rule: one thread.
 */
public final class SimCluster {

    private static final long SNAPSHOT_MICROS_MAX = 200_000;
    private static final double SNAPSHOT_LOSS = 0.2;

    private final World world;
    private final ClusterOptions options;
    private final Goals goals;
    private final Network network;
    private final FaultAtlas atlas;
    private final FaultCounts diskFaults = new FaultCounts();
    private final List<SimMember> members = new ArrayList<>();
    private final ClusterChecks checks = new ClusterChecks(this);
    private final Set<Long> installing = new HashSet<>();
    private long newestIndex;
    private List<Long> newestVoters;
    private List<Long> formerVoters;
    private boolean calm;
    private LongConsumer clockJumps = _ -> {};

    public SimCluster(World world, ClusterOptions options, Goals goals) {
        this.world = world;
        this.options = options;
        this.goals = goals;
        this.network = new Network(world, options.network(), goals, receiver());
        List<Long> ids = LongStream.rangeClosed(1, options.size()).boxed().toList();
        this.atlas = new FaultAtlas(ids);
        this.newestVoters = ids;
        this.formerVoters = ids;
        List<Member> initial = ids.stream()
                .map(id -> new Member(id, "", List.of("http://p" + id), List.of(), false))
                .toList();
        ids.forEach(id -> members.add(new SimMember(id, world, this, initial)));
        world.observe(id -> {
            SimMember member = find(id);
            if (member != null) {
                checks.after(member);
            }
        });
    }

    private Network.Receiver receiver() {
        return new Network.Receiver() {
            @Override
            public void receive(Message message) {
                deliver(addressee(message), member -> member.receive(message));
            }

            @Override
            public void receive(Forward message) {
                deliver(message.to(), member -> member.receive(message));
            }
        };
    }

    /** Whom a message reaches: now and then one that was given the address of another since (etcd #17813). */
    private long addressee(Message message) {
        if (calm || !world.chance(Stream.MEMBERS, options.astrayChance())) {
            return message.to();
        }
        goals.reach(Goal.MESSAGE_ASTRAY);
        return 1 + world.random(Stream.MEMBERS).nextInt(members.size());
    }

    private void deliver(long to, Consumer<SimMember> arrival) {
        SimMember member = find(to);
        if (member != null && member.isAlive()) {
            arrival.accept(member);
        }
    }

    ClusterOptions options() {
        return options;
    }

    ClusterChecks checks() {
        return checks;
    }

    public Goals goals() {
        return goals;
    }

    public FaultAtlas atlas() {
        return atlas;
    }

    public Network network() {
        return network;
    }

    /** Faults of all disks so far. */
    public FaultCounts diskFaults() {
        return diskFaults;
    }

    /** In the order of their ids. */
    public List<SimMember> members() {
        return members;
    }

    public @Nullable SimMember find(long id) {
        return id >= 1 && id <= members.size() ? members.get((int) id - 1) : null;
    }

    public List<SimMember> alive() {
        return members.stream().filter(SimMember::isAlive).toList();
    }

    /** Those that may still start under their id. */
    public List<SimMember> startable() {
        return members.stream().filter(member -> !member.isGone()).toList();
    }

    /** The one that leads in the latest term of all who think they do. */
    public Optional<SimMember> leader() {
        return alive().stream()
                .filter(member -> member.engine().raftStatus().leader() == member.id())
                .max(Comparator.comparingLong(
                        member -> member.engine().raftStatus().term()));
    }

    /** A member with an empty disk that is to join; it does not run yet. */
    public SimMember addMember() {
        var added = new SimMember(members.size() + 1L, world, this, List.of());
        members.add(added);
        return added;
    }

    /** Compares the members' stores and logs, which is too much work to do after every event. */
    public void compareMembers() {
        checks.compareStores();
        checks.compareLogs();
    }

    /** From now on no disk, no link and no snapshot stream fails. */
    public void calm() {
        calm = true;
        network.calm();
        network.healAll();
        members.forEach(SimMember::calm);
    }

    void leaderChanged(SimMember member, long leader, long term) {
        world.note("leader " + leader, member.id(), term);
        if (leader == member.id() && member.store().hasNotesOfLeases()) {
            goals.reach(Goal.LEASE_CHECKPOINT_INHERITED);
        }
    }

    void membersChanged(long member, List<Member> now) {
        world.note("members " + now.size(), member, now.hashCode());
    }

    /** These voters are in force on a member that has applied the log through {@code index}. */
    void inForce(long index, List<Long> voters) {
        if (index <= newestIndex || voters.isEmpty()) {
            return;
        }
        newestIndex = index;
        if (!voters.equals(newestVoters)) {
            // What was decided under the former voters must survive until the new ones have it.
            atlas.configure(voters, newestVoters);
            formerVoters = newestVoters;
            newestVoters = voters;
        }
    }

    /** Whether a change of the membership is on its way that has taken effect nowhere. */
    public boolean isMembershipChanging() {
        return startable().stream()
                .map(SimMember::log)
                .anyMatch(log -> log != null && log.changesMembersAfter(newestIndex));
    }

    /** The voters without {@code leaving} must have all that is committed, whether or not it leaves in the end. */
    public void reserveRemoval(long leaving) {
        atlas.configure(newestVoters.stream().filter(voter -> voter != leaving).toList(), newestVoters);
    }

    /** {@code heard} is told of the micros by which the clock of any member jumps. */
    public void onClockJump(LongConsumer heard) {
        clockJumps = heard;
    }

    void clockJumped(long micros) {
        clockJumps.accept(micros);
    }

    /** By how much the clocks of all members differ from the true one: seconds they count in one, as an interval. */
    public DoubleSummaryStatistics clockRates() {
        return members.stream().mapToDouble(SimMember::clockRate).summaryStatistics();
    }

    void diskFault(long member, DiskFault kind, long at) {
        diskFaults.add(kind);
        world.note(kind.name(), member, at);
        switch (kind) {
            case FAILED_SYNC -> goals.reach(Goal.SYNC_FAILED);
            case LYING_SYNC -> goals.reach(Goal.SYNC_LIED);
            case FULL_DISK -> goals.reach(Goal.DISK_FULL);
            case POWER_LOSS, LATENT_SECTOR, BIT_FLIP, STALE_SECTOR, MISDIRECTED_WRITE -> {}
        }
    }

    void crashed(SimMember member) {
        world.note("crash", member.id(), 0);
        if (installing.remove(member.id())) {
            goals.reach(Goal.CRASH_DURING_SNAPSHOT_INSTALL);
        }
        if (members.stream().noneMatch(SimMember::isAlive)) {
            goals.reach(Goal.ALL_MEMBERS_DOWN);
        }
    }

    void snapshotInstalled(long member) {
        installing.remove(member);
        world.note("snapshot installed", member, 0);
        goals.reach(Goal.SNAPSHOT_INSTALLED);
        if (network.isCut()) {
            goals.reach(Goal.SNAPSHOT_INSTALLED_DURING_PARTITION);
        }
    }

    void sendSnapshot(InstallSnapshot message, SimStore.Copy files, Consumer<Boolean> done) {
        long micros = world.random(Stream.NETWORK).nextLong(1_000, SNAPSHOT_MICROS_MAX);
        world.after(micros, message.to(), () -> {
            SimMember receiver = find(message.to());
            boolean interrupted = !calm && world.chance(Stream.NETWORK, SNAPSHOT_LOSS);
            boolean delivered = !interrupted
                    && network.isOpen(message.from(), message.to())
                    && receiver != null
                    && receiver.isAlive();
            if (delivered && receiver != null) {
                installing.add(message.to());
                receiver.receive(message, files);
            } else {
                goals.reach(Goal.SNAPSHOT_INTERRUPTED);
            }
            done.accept(delivered);
        });
    }

    /** The voters of the newest configuration that took effect on any member. */
    public List<Long> voters() {
        return newestVoters;
    }

    /** The voters before those. */
    public List<Long> formerVoters() {
        return formerVoters;
    }
}
