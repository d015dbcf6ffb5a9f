package dev.keelson.sim;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.check.LeaseTerms;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.workload.AlarmClients;
import dev.keelson.sim.workload.AuthClients;
import dev.keelson.sim.workload.Clients;
import dev.keelson.sim.workload.LeaseClients;
import dev.keelson.sim.workload.MemberClients;
import dev.keelson.sim.workload.Requests;
import dev.keelson.sim.workload.WatchClients;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a seed: a minute of faults of every kind, then calm on a random quorum that must serve again, then calm
 * everywhere and the account.
 *
 * <p>Thread rule: one thread.
 */
public final class Simulation {

    private static final long FAULTY_MICROS = 60 * World.MICROS_PER_SECOND;

    /** Changes of the membership end earlier, so that at the end it is known who has to agree. */
    private static final long CHANGES_MICROS = 48 * World.MICROS_PER_SECOND;

    private static final long STEP_MICROS = World.MICROS_PER_SECOND / 10;
    private static final long COMPARE_EVERY_MICROS = 5 * World.MICROS_PER_SECOND;

    /** Within this time after the last fault a quorum has to serve: 300 ticks. */
    private static final long SERVES_MICROS_MAX = 30 * World.MICROS_PER_SECOND;

    /** Between the moment at which a lease is due, or is to be noted down, and the commit of it: a tick, and queues. */
    private static final long EXPIRY_MICROS_MAX = 2 * World.MICROS_PER_SECOND;

    /** Within this time after the last renewal, and a change of leader, every lease is over. */
    private static final long LEASES_MICROS_MAX = 40 * World.MICROS_PER_SECOND;

    private static final byte[] FIRST_KEY = {0};
    private static final byte[] FROM_KEY_ON = {0};

    private final SimulationOptions options;
    private final World world;
    private final Goals goals = new Goals();
    private final SimCluster cluster;
    private final Stewards stewards;
    private final Nemesis nemesis;
    private final AuthClients authClients;
    private final Clients clients;
    private final LeaseClients leaseClients;
    private final WatchClients watchClients;
    private final AlarmClients alarmClients;
    private final MemberClients memberClients;
    private final Reigns reigns;
    private final List<Jump> jumps = new ArrayList<>();
    private final Account account;

    private record Jump(long at, long micros) {}

    private Simulation(long seed, Journal journal) {
        world = new World(seed, journal);
        options = SimulationOptions.draw(world);
        cluster = new SimCluster(world, options.cluster(), goals);
        stewards = new Stewards(world, cluster, options.cluster().size());
        nemesis = new Nemesis(world, cluster, stewards, options);
        account = new Account(goals);
        leaseClients = new LeaseClients(world, cluster, account::add);
        authClients = new AuthClients(world, cluster, options.users());
        alarmClients = new AlarmClients(world, cluster);
        memberClients = new MemberClients(world, cluster);
        clients = new Clients(
                world,
                cluster,
                new Requests(world, options.mix(), leaseClients::draw),
                this::take,
                authClients,
                options.pauseMicrosMax());
        watchClients = new WatchClients(world, cluster, account::add, clients::newestRevision);
        reigns = new Reigns(world, cluster);
        cluster.onClockJump(micros -> jumps.add(new Jump(world.nowMicros(), micros)));
    }

    private void take(Operation operation) {
        account.add(operation);
        alarmClients.check(operation);
    }

    /** Runs a seed; throws an {@link AssertionError} that says what was violated. */
    public static RunResult run(long seed, Journal journal) {
        return new Simulation(seed, journal).run();
    }

    /** What a seed would run with. */
    public static SimulationOptions options(long seed) {
        return SimulationOptions.draw(new World(seed, Journal.NONE));
    }

    private RunResult run() {
        cluster.members().forEach(SimMember::start);
        authClients.start();
        clients.start(options.clients());
        leaseClients.start(options.leaseClients());
        watchClients.start(options.watchClients());
        alarmClients.start(options.alarms());
        memberClients.start(options.memberUpdates());
        nemesis.start();
        stewards.start();
        for (long compareAt = 0; world.nowMicros() < FAULTY_MICROS; ) {
            passStep();
            if (world.nowMicros() >= CHANGES_MICROS) {
                stewards.stop();
                memberClients.stop();
            }
            if (world.nowMicros() >= compareAt) {
                cluster.compareMembers();
                compareAt = world.nowMicros() + COMPARE_EVERY_MICROS;
            }
        }
        nemesis.stop();
        authClients.stop();
        alarmClients.stop();
        cluster.calm();
        boolean overspent = isOverspent();
        if (!overspent) {
            serveFromQuorum();
            // A change of the members that was begun before may take effect only now, and leave too few of them.
            overspent = isOverspent();
        }
        if (overspent) {
            stopClients();
            account.close(terms(), reigns.all());
        } else {
            serveFromAll();
        }
        return new RunResult(
                world.digest(),
                options.cluster().size(),
                world.nowMicros(),
                world.happened(),
                clients.operations(),
                account.leaseOperations(),
                account.watchEvents(),
                overspent,
                account.undecided(),
                new HashMap<>(nemesis.counts()),
                cluster.diskFaults(),
                goals);
    }

    /** The faults stop for a random quorum alone: it must elect, catch up and serve. */
    private void serveFromQuorum() {
        List<SimMember> core = drawQuorum();
        for (SimMember member : cluster.members()) {
            if (!core.contains(member)) {
                member.crash();
            }
        }
        core.forEach(member -> {
            member.resume();
            member.start();
        });
        require(
                "a quorum of " + cluster.voters() + " serves: " + ids(core),
                () -> core.stream().allMatch(member -> member.isServing() || isNoMember(member) || isSpoilt(member)));
        long before = clients.acknowledgedWrites();
        require("a write is acknowledged", () -> clients.acknowledgedWrites() > before);
    }

    /** One that was removed while it was away learns nothing more from anybody. */
    private boolean isNoMember(SimMember member) {
        return !cluster.voters().contains(member.id());
    }

    /** What its disk had lost long before may only show when it is read. */
    private boolean isSpoilt(SimMember member) {
        return member.isGone() && !cluster.atlas().isWhole(member.id());
    }

    private static List<Long> ids(List<SimMember> members) {
        return members.stream().map(SimMember::id).toList();
    }

    private List<SimMember> drawQuorum() {
        if (cluster.isMembershipChanging()) {
            // Who will have to agree is still being decided.
            return cluster.startable();
        }
        // A configuration may have taken effect on one member only, so those who had a vote before it are needed too.
        List<Long> voters = cluster.voters();
        List<Long> former = cluster.formerVoters();
        var able = new ArrayList<>(cluster.startable().stream()
                .filter(member -> voters.contains(member.id()) || former.contains(member.id()))
                .filter(member -> cluster.atlas().isWhole(member.id()))
                .toList());
        Collections.shuffle(able, Random.from(world.random(Stream.OPTIONS)));
        var core = new ArrayList<SimMember>();
        for (SimMember member : able) {
            if (!isQuorum(core, voters) || !isQuorum(core, former)) {
                core.add(member);
            }
        }
        return core;
    }

    private static boolean isQuorum(List<SimMember> members, List<Long> of) {
        return members.stream().filter(member -> of.contains(member.id())).count() > of.size() / 2;
    }

    /** Whether so much is lost that no cluster could go on; the budget allows for it only by changes that cross. */
    private boolean isOverspent() {
        List<SimMember> whole = cluster.startable().stream()
                .filter(member -> cluster.atlas().isWhole(member.id()))
                .toList();
        return !isQuorum(whole, cluster.voters());
    }

    /** All come back: they must agree, and the history of the clients must be one that a single store could have told. */
    private void serveFromAll() {
        cluster.startable().forEach(SimMember::start);
        stopClients();
        require("a leader", () -> cluster.leader().isPresent());
        SimMember leader = cluster.leader().orElseThrow();
        takeAwayRemoved(leader);
        require(LEASES_MICROS_MAX, "all leases end", () -> leader.isServing() && hasNoLeases(leader));
        RangeResult all = this.<RangeResult>answer(
                leader,
                (engine, reply) ->
                        engine.keys().range(AuthClients.root(engine), RangeRequest.of(FIRST_KEY, FROM_KEY_ON), reply));
        Map<Long, Integer> hashes = new HashMap<>();
        for (SimMember member : cluster.startable()) {
            if (isMemberNow(leader, member)) {
                require("member " + member.id() + " catches up", () -> isLevel(member, all.revision()));
                hashes.put(
                        member.id(),
                        this.<HashKvResult>answer(member, (engine, reply) -> engine.hashKv(all.revision(), reply))
                                .hash());
            }
        }
        if (hashes.values().stream().distinct().count() != 1) {
            throw new AssertionError("members disagree at revision " + all.revision() + ": " + hashes);
        }
        cluster.compareMembers();
        watchClients.settle(all.revision());
        try {
            require("watchers are told of everything", watchClients::isSettled);
        } catch (AssertionError unreached) {
            throw new AssertionError(unreached.getMessage() + " but " + watchClients.unsettled(), unreached);
        }
        account.close(terms(), reigns.all(), all);
    }

    private void stopClients() {
        clients.stop();
        leaseClients.stop();
        require("clients are answered or give up", () -> clients.isQuiet() && leaseClients.isQuiet());
    }

    private boolean hasNoLeases(SimMember leader) {
        var found = new AtomicReference<@Nullable List<Long>>();
        leader.request(engine -> engine.leases().list(AuthClients.root(engine), new Reply<>() {
            @Override
            public void succeed(List<Long> leases) {
                found.set(leases);
            }

            @Override
            public void fail(StoreException error) {
                throw new AssertionError("a list of leases that asks nobody", error);
            }
        }));
        world.pass(STEP_MICROS);
        List<Long> leases = found.get();
        return leases != null && leases.isEmpty();
    }

    private LeaseTerms terms() {
        var rates = cluster.clockRates();
        long electionMicros = (long) (options.cluster().electionTicks() * SimMember.TICK_MICROS / rates.getMin());
        var terms = new LeaseTerms(
                World.MICROS_PER_SECOND,
                new LeaseTerms.Rates(Math.max(1, rates.getMax()), Math.min(1, rates.getMin())),
                EXPIRY_MICROS_MAX + electionMicros,
                EXPIRY_MICROS_MAX
                        + electionMicros
                        + (long) (options.cluster().leaseCheckpointMillis() * 1_000 / rates.getMin()));
        jumps.forEach(jump -> terms.jumped(jump.at(), jump.micros()));
        return terms;
    }

    /** Nobody tells a removed member that it is one; whoever is connected to it would wait for ever. */
    private void takeAwayRemoved(SimMember leader) {
        for (SimMember member : cluster.startable()) {
            if (!isMemberNow(leader, member)) {
                member.crash();
            }
        }
    }

    private static boolean isLevel(SimMember member, long revision) {
        return member.isServing() && member.engine().status().revision() >= revision;
    }

    private static boolean isMemberNow(SimMember leader, SimMember member) {
        return leader.knownMembers().stream().anyMatch(known -> known.id() == member.id());
    }

    private void require(String what, BooleanSupplier reached) {
        require(SERVES_MICROS_MAX, what, reached);
    }

    private void require(long microsMax, String what, BooleanSupplier reached) {
        long end = world.nowMicros() + microsMax;
        while (!reached.getAsBoolean()) {
            if (world.nowMicros() >= end) {
                throw new AssertionError("not reached in " + microsMax / World.MICROS_PER_SECOND + " s: " + what);
            }
            passStep();
        }
    }

    private void passStep() {
        world.pass(STEP_MICROS);
        reigns.look();
    }

    /** A calm cluster answers within the time-out of a request. */
    private <T> T answer(SimMember member, BiConsumer<NodeEngine, Reply<T>> request) {
        var answer = new AtomicReference<@Nullable T>();
        member.request(engine -> request.accept(engine, new Reply<>() {
            @Override
            public void succeed(T result) {
                answer.set(result);
            }

            @Override
            public void fail(StoreException error) {
                // A leader may be about to change when the calm begins: whoever asks then asks again.
                world.after(STEP_MICROS, member.id(), () -> member.request(again -> request.accept(again, this)));
            }
        }));
        require("an answer of member " + member.id(), () -> answer.get() != null);
        return Objects.requireNonNull(answer.get());
    }
}
