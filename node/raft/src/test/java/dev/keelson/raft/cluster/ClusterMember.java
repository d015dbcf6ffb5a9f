package dev.keelson.raft.cluster;

import dev.keelson.raft.RaftNode;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.Ready;
import dev.keelson.raft.Role;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One core with a disk, a state machine and a driver that takes its time over everything. */
final class ClusterMember {

    private record Store(long applied, long term, ConfState confState) {

        SnapshotMetadata metadata() {
            return new SnapshotMetadata(applied, term, confState);
        }
    }

    final long id;
    private final Swarm swarm;
    private final RandomGenerator random;
    private final SafetyChecker checker;
    private final MemoryDisk disk = new MemoryDisk();
    private final ArrayDeque<Ready> unwritten = new ArrayDeque<>();
    private final List<Ready> unsynced = new ArrayList<>();
    private final ArrayDeque<Ready> acknowledgements = new ArrayDeque<>();
    private final ArrayDeque<Entry> unapplied = new ArrayDeque<>();
    private final List<Message> outgoing = new ArrayList<>();
    private Store store = new Store(0, 0, ConfState.EMPTY);
    private Store flushed = store;
    private @Nullable SnapshotMetadata installing;
    private @Nullable RaftNode node;
    private MemoryDisk.Image log;
    private @Nullable RaftStatus before;
    private long ledTerm;
    private int incarnation;

    ClusterMember(long id, Swarm swarm, RandomGenerator random, SafetyChecker checker) {
        this.id = id;
        this.swarm = swarm;
        this.random = random;
        this.checker = checker;
        this.log = disk.visible();
    }

    void bootstrap(List<Entry> entries) {
        disk.append(new HardState(1, HardState.NO_VOTE, entries.size()), entries);
        disk.sync();
    }

    void start() {
        incarnation++;
        store = flushed;
        log = disk.visible();
        node = new RaftNode(swarm.config(id, store.applied()), disk, disk.hardState(), store.confState(), random);
    }

    void crash() {
        node = null;
        before = null;
        installing = null;
        unwritten.clear();
        unsynced.clear();
        acknowledgements.clear();
        unapplied.clear();
        outgoing.clear();
        disk.crash(random.nextInt(disk.unsyncedCount() + 1));
        checker.crashed(id);
    }

    boolean isUp() {
        return node != null;
    }

    RaftNode node() {
        if (node == null) {
            throw new AssertionError(id + " is down");
        }
        return node;
    }

    RaftStatus status() {
        return node().status();
    }

    ConfState confState() {
        return store.confState();
    }

    @Override
    public String toString() {
        return id + " " + (isUp() ? status() : "down") + ", disk ("
                + disk.durable().start().index() + ", " + disk.durable().lastIndex() + "]";
    }

    long applied() {
        return store.applied();
    }

    /** What it would send as a snapshot. */
    SnapshotMetadata freeze() {
        return store.metadata();
    }

    List<Message> takeOutgoing() {
        var taken = List.copyOf(outgoing);
        outgoing.clear();
        return taken;
    }

    // ---- the driver

    void observe() {
        RaftStatus now = status();
        checker.observe(now, incarnation, disk.durable().hardState().term());
        RaftStatus then = before;
        if (then != null
                && then.role() == Role.LEADER
                && now.role() == Role.LEADER
                && then.term() == now.term()
                && now.commit() > then.commit()) {
            checker.committedByCounting(now, log.at(now.commit()));
        }
        before = now;
    }

    /** Takes a Ready, unless a snapshot is being put in place. */
    void takeReady() {
        RaftNode core = node();
        if (installing != null || !core.hasReady()) {
            return;
        }
        Ready ready = core.ready();
        log = log.with(null, ready.entries());
        RaftStatus status = core.status();
        if (status.role() == Role.LEADER && status.term() != ledTerm) {
            ledTerm = status.term();
            checker.leads(id, ledTerm, log);
        }
        ready.messages().forEach(this::send);
        ready.readStates().forEach(checker::readConfirmed);
        unwritten.add(ready);
        unapplied.addAll(ready.committedEntries());
        ready.committedEntries().forEach(entry -> checker.applied(id, entry, disk, status.term()));
        installing = ready.snapshot();
    }

    private void send(Message message) {
        checker.sent(message, disk);
        outgoing.add(message);
    }

    void write() {
        Ready ready = unwritten.poll();
        if (ready != null) {
            if (ready.hardState() != null || !ready.entries().isEmpty()) {
                disk.append(ready.hardState(), ready.entries());
            }
            unsynced.add(ready);
        }
    }

    void sync() {
        disk.sync();
        Ready last = null;
        for (Ready ready : unsynced) {
            ready.entries().forEach(this::check);
            ready.messagesAfterSync().forEach(this::send);
            last = ready.entries().isEmpty() ? last : ready;
        }
        unsynced.clear();
        if (last != null) {
            acknowledgements.add(last);
        }
    }

    /** The core hears of a sync, perhaps long after: meanwhile the log may have changed. */
    void acknowledge() {
        Ready synced = acknowledgements.poll();
        if (synced != null) {
            node().onPersisted(synced.term(), synced.entries().getLast().index());
        }
    }

    private void check(Entry entry) {
        long prev = entry.index() - 1;
        if (entry.index() <= disk.lastIndex() && disk.term(entry.index()) == entry.term()) {
            checker.entry(entry, disk.term(prev));
        }
    }

    void writeAndSyncAll() {
        while (!unwritten.isEmpty()) {
            write();
        }
        sync();
        while (!acknowledgements.isEmpty()) {
            acknowledge();
        }
    }

    /** Applies one entry; the core hears of it now or together with later ones. */
    void apply() {
        Entry entry = unapplied.poll();
        if (entry == null) {
            return;
        }
        ConfState confState = store.confState();
        if (entry.type() == EntryType.CONF_CHANGE) {
            ConfChange change = ConfChange.decode(entry.payload());
            confState = node().applyConfChange(isRefused(change) ? ConfChange.NONE : change);
        }
        store = new Store(entry.index(), entry.term(), confState);
        if (unapplied.isEmpty() || random.nextBoolean()) {
            node().onApplied(store.applied());
        }
    }

    /**
     * Of two voters none may go here: if the leader goes and the other does not hear that this is committed, it needs the
     * vote of one who has a longer log and may not lead. etcd has the same limit and advises against it.
     */
    private boolean isRefused(ConfChange change) {
        List<Long> voters = confState().voters();
        boolean unvotes = change.kind() == ConfChange.Kind.REMOVE || change.kind() == ConfChange.Kind.ADD_LEARNER;
        return unvotes && voters.size() <= 2 && voters.contains(change.id());
    }

    /** The replay of what a crash took from the store must lead to the same store. */
    void flush() {
        flushed = store;
    }

    void cut() {
        long upTo = flushed.applied() - random.nextInt(5);
        if (installing == null
                && upTo > disk.firstIndex()
                && upTo <= disk.durable().lastIndex()) {
            ConfState confState = flushed.confState();
            disk.cut(new SnapshotMetadata(upTo, disk.term(upTo), confState));
            log = new MemoryDisk.Image(
                    disk.visible().start(),
                    log.hardState(),
                    List.copyOf(log.entries()
                            .subList(
                                    (int) (upTo - log.start().index()),
                                    log.entries().size())));
        }
    }

    void install() {
        SnapshotMetadata metadata = installing;
        if (metadata == null) {
            return;
        }
        writeAndSyncAll();
        while (!unapplied.isEmpty()) {
            apply();
        }
        disk.reset(metadata);
        log = disk.visible();
        store = new Store(metadata.index(), metadata.term(), metadata.confState());
        flushed = store;
        installing = null;
        node().onSnapshotInstalled(metadata);
        node().onApplied(metadata.index());
    }

    private boolean isBusy() {
        return installing != null
                || node().hasReady()
                || !unwritten.isEmpty()
                || !unsynced.isEmpty()
                || !acknowledgements.isEmpty()
                || !unapplied.isEmpty();
    }

    /** Everything this member can do by itself, done. */
    void settle() {
        for (int i = 0; i < 1000 && isBusy(); i++) {
            takeReady();
            writeAndSyncAll();
            while (!unapplied.isEmpty()) {
                apply();
            }
            install();
            observe();
        }
        flush();
    }
}
