package dev.keelson.raft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.raft.ProposalResult;
import dev.keelson.raft.Role;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.message.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** A cluster in which everything that can happen happens in an order drawn from a seed. */
final class RandomCluster {

    private static final int MEMBERS_MAX = 9;
    /** Enough for what is under way, a removal of the leader at worst, to come to its end. */
    private static final int CALM_TICKS_MIN = 60;

    private static final int CALM_TICKS_MAX = 300;
    /** In a tick. Refusals and answers of old flights, mixed up, make a leader send its window once for each of them. */
    private static final int MESSAGES_MAX = 3_000_000;

    private record Cut(long from, long to) {}

    private final RandomGenerator random;
    private final Swarm swarm;
    private final SafetyChecker checker = new SafetyChecker();
    private final TreeMap<Long, ClusterMember> members = new TreeMap<>();
    private final List<Message> network = new ArrayList<>();
    private final Set<Cut> cuts = new HashSet<>();
    private long paused;
    private int pausedFor;
    private long nextRequest = 1;

    RandomCluster(long seed, int events) {
        this.random = new SplittableRandom(seed);
        this.swarm = Swarm.draw(random, events);
        var bootstrap = new ArrayList<Entry>();
        for (long id = 1; id <= swarm.members(); id++) {
            var change = new ConfChange(ConfChange.Kind.ADD_VOTER, id, new byte[0]);
            bootstrap.add(new Entry(1, id, EntryType.CONF_CHANGE, change.encode()));
        }
        for (long id = 1; id <= swarm.members(); id++) {
            newMember(id).bootstrap(bootstrap);
        }
        members.values().forEach(ClusterMember::start);
    }

    private ClusterMember newMember(long id) {
        var member = new ClusterMember(id, swarm, random, checker);
        members.put(id, member);
        return member;
    }

    SafetyChecker checker() {
        return checker;
    }

    @Override
    public String toString() {
        var text = new StringBuilder(swarm.toString());
        members.values().forEach(member -> text.append("\n  ").append(member));
        return text.toString();
    }

    /** Everything goes wrong; the checker watches. */
    void storm() {
        for (int event = 0; event < swarm.events(); event++) {
            rareEvent();
            ClusterMember member = any();
            if (member.id == paused) {
                continue;
            }
            if (!member.isUp()) {
                if (random.nextInt(20) == 0) {
                    member.start();
                }
                continue;
            }
            commonEvent(member);
            if (random.nextDouble() >= swarm.hold()) {
                member.takeReady();
            }
            member.observe();
            route(member);
        }
    }

    private void commonEvent(ClusterMember member) {
        // Time passes slowly beside the rest: an election takes several ticks and several exchanges.
        switch (random.nextInt(24)) {
            case 0 -> member.node().tick();
            case 1 -> member.node().propose(List.of(payload()));
            case 2 -> read(member);
            case 3, 4, 6 -> {
                for (int i = random.nextInt(5); i >= 0; i--) {
                    member.apply();
                }
            }
            case 7, 8, 9, 10 -> disk(member);
            case 5 -> member.install();
            default -> {
                // The fuller the network the faster, or everything would arrive too late for anything to happen.
                for (int i = 0; i <= network.size() / 20; i++) {
                    deliver();
                }
            }
        }
    }

    private void disk(ClusterMember member) {
        for (int i = random.nextInt(10); i >= 0; i--) {
            member.write();
        }
        if (random.nextDouble() < swarm.sync()) {
            member.sync();
        }
        if (random.nextDouble() < swarm.sync()) {
            member.acknowledge();
        }
    }

    private void rareEvent() {
        if (chance(swarm.crash())) {
            ClusterMember member = any();
            if (member.isUp()) {
                member.crash();
            }
        }
        if (chance(swarm.confChange())) {
            changeMembership();
        }
        if (chance(swarm.cut())) {
            ClusterMember member = any();
            member.flush();
            member.cut();
        }
        if (chance(swarm.transfer())) {
            any(ClusterMember::isUp).node().transferLeader(any().id);
        }
        if (chance(swarm.partition())) {
            cuts.clear();
            for (long from : members.keySet()) {
                for (long to : members.keySet()) {
                    if (random.nextInt(3) == 0) {
                        cuts.add(new Cut(from, to));
                    }
                }
            }
        }
        if (paused == 0 && chance(swarm.pause())) {
            // Half of the time the leader, and long enough for another to be elected.
            ClusterMember victim = any(ClusterMember::isUp);
            long leader = victim.status().leader();
            paused = leader != 0 && random.nextBoolean() ? leader : victim.id;
            pausedFor = 100 + random.nextInt(2000);
        }
        if (paused != 0 && --pausedFor == 0) {
            ClusterMember woken = members.get(paused);
            paused = 0;
            if (woken != null && woken.isUp()) {
                // It believes to be what it was: if it led, it must not answer from what it knew.
                read(woken);
            }
        }
        if (chance(0.002)) {
            any(ClusterMember::isUp).node().campaign();
        }
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability && members.values().stream().anyMatch(ClusterMember::isUp);
    }

    private ClusterMember any() {
        var all = List.copyOf(members.values());
        return all.get(random.nextInt(all.size()));
    }

    private ClusterMember any(Predicate<ClusterMember> fit) {
        var all = members.values().stream().filter(fit).toList();
        return all.get(random.nextInt(all.size()));
    }

    private byte[] payload() {
        return ByteBuffer.allocate(8).putLong(nextRequest++).array();
    }

    private void read(ClusterMember member) {
        long requestId = nextRequest++;
        checker.readAsked(requestId);
        member.node().readIndex(requestId);
    }

    private void changeMembership() {
        ConfChange.Kind kind = ConfChange.Kind.values()[random.nextInt(4)];
        boolean add = kind == ConfChange.Kind.ADD_LEARNER || kind == ConfChange.Kind.ADD_VOTER;
        ClusterMember subject = any();
        if (add && random.nextBoolean() && members.size() < MEMBERS_MAX) {
            subject = newMember(members.lastKey() + 1);
            subject.start();
        } else if (kind == ConfChange.Kind.NONE || wasRemoved(subject.id)) {
            return;
        }
        any(ClusterMember::isUp).node().proposeConfChange(new ConfChange(kind, subject.id, new byte[0]));
    }

    /** Ids are never reused, as in etcd. */
    private boolean wasRemoved(long id) {
        return members.values().stream()
                .anyMatch(member -> member.id == id && !isMember(member.confState(), id) && member.applied() > 0);
    }

    private static boolean isMember(ConfState confState, long id) {
        return confState.voters().contains(id) || confState.learners().contains(id);
    }

    // ---- the network

    private void route(ClusterMember from) {
        for (Message message : from.takeOutgoing()) {
            if (message instanceof Message.InstallSnapshot request) {
                network.add(new Message.InstallSnapshot(request.from(), request.to(), request.term(), from.freeze()));
            } else {
                network.add(message);
            }
        }
    }

    private void deliver() {
        if (network.isEmpty()) {
            return;
        }
        // Mostly in order, sometimes any: full disorder would rarely let anything come of anything.
        int position = random.nextInt(4) == 0 ? random.nextInt(network.size()) : 0;
        while (network.get(position).to() == paused) {
            position++;
            if (position == network.size()) {
                return;
            }
        }
        Message message = network.remove(position);
        if (random.nextDouble() < swarm.duplicate()) {
            network.add(random.nextInt(network.size() + 1), message);
        }
        boolean lost = random.nextDouble() < swarm.loss() || cuts.contains(new Cut(message.from(), message.to()));
        hand(message, lost);
    }

    private void hand(Message message, boolean lost) {
        ClusterMember to = members.get(message.to());
        boolean arrives = false;
        if (!lost && to != null && to.isUp()) {
            arrives = true;
            to.node().step(message);
            if (random.nextDouble() >= swarm.hold()) {
                to.takeReady();
            }
            to.observe();
            route(to);
        }
        ClusterMember from = members.get(message.from());
        if (from != null && from.isUp()) {
            if (message instanceof Message.InstallSnapshot) {
                from.node().reportSnapshot(message.to(), arrives);
            } else if (!arrives && random.nextBoolean()) {
                from.node().reportUnreachable(message.to());
            }
        }
    }

    // ---- the calm after

    /** Nothing fails any more: the cluster must elect, commit, catch everybody up and answer reads. */
    void calm() {
        cuts.clear();
        paused = 0;
        while (!network.isEmpty()) {
            hand(network.removeFirst(), true);
        }
        members.values().stream().filter(member -> !member.isUp()).forEach(ClusterMember::start);
        for (int tick = 0; tick < CALM_TICKS_MIN || tick < CALM_TICKS_MAX && !isCaughtUp(); tick++) {
            calmTick();
        }
        byte[] marker = payload();
        // A transfer that was under way, or a full log, may refuse it for a while.
        ProposalResult result = ProposalResult.NO_LEADER;
        for (int tick = 0; tick < 50; tick++) {
            if (result != ProposalResult.ACCEPTED) {
                result = leader().node().propose(List.of(marker));
            }
            calmTick();
        }
        assertThat(checker.hasApplied(marker))
                .as("the last proposal is applied")
                .isTrue();
        long before = checker.confirmedReads();
        List<ClusterMember> present = present();
        present.forEach(this::read);
        for (int tick = 0; tick < 10; tick++) {
            calmTick();
        }
        assertThat(checker.confirmedReads() - before).as("answered reads").isEqualTo(present.size());
        long applied = leader().applied();
        assertThat(present()).as("caught up to %d", applied).allMatch(member -> member.applied() == applied);
    }

    private boolean isCaughtUp() {
        return members.values().stream().anyMatch(member -> member.status().role() == Role.LEADER)
                && present().stream().allMatch(member -> member.applied() == leader().applied());
    }

    private void calmTick() {
        for (ClusterMember member : members.values()) {
            member.node().tick();
            settle(member);
        }
        for (int i = 0; i < MESSAGES_MAX && !network.isEmpty(); i++) {
            Message message = network.removeFirst();
            ClusterMember to = members.get(message.to());
            if (to != null) {
                to.node().step(message);
                settle(to);
            }
            if (message instanceof Message.InstallSnapshot) {
                ClusterMember from = Objects.requireNonNull(members.get(message.from()));
                from.node().reportSnapshot(message.to(), true);
                settle(from);
            }
        }
        assertThat(network.size()).as("messages still in flight").isZero();
    }

    private void settle(ClusterMember member) {
        member.settle();
        route(member);
    }

    private ClusterMember leader() {
        return members.values().stream()
                .filter(member -> member.status().role() == Role.LEADER)
                .max((a, b) -> Long.compare(a.status().term(), b.status().term()))
                .orElseThrow(() -> new AssertionError("nobody leads"));
    }

    /** The members of the configuration the leader has. */
    private List<ClusterMember> present() {
        ConfState confState = leader().confState();
        return members.values().stream()
                .filter(member -> isMember(confState, member.id))
                .toList();
    }
}
