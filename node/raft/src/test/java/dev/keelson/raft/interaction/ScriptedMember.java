package dev.keelson.raft.interaction;

import dev.keelson.raft.RaftConfig;
import dev.keelson.raft.RaftNode;
import dev.keelson.raft.Ready;
import dev.keelson.raft.cluster.MemoryDisk;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One core of a script with a disk that syncs at once unless it is held. */
final class ScriptedMember {

    final long id;
    private final RaftConfig config;
    private final MemoryDisk disk = new MemoryDisk();
    private final ArrayDeque<Ready> unwritten = new ArrayDeque<>();
    private final ArrayDeque<Ready> acknowledgements = new ArrayDeque<>();
    private final List<Message> network;
    private SnapshotMetadata store;
    private @Nullable SnapshotMetadata installing;
    private RaftNode node;
    boolean diskHeld;

    ScriptedMember(RaftConfig config, ConfState confState, List<Message> network) {
        this.id = config.id();
        this.config = config;
        this.network = network;
        this.store = new SnapshotMetadata(0, 0, confState);
        this.node = open();
    }

    private RaftNode open() {
        // Each member has its own time-out, always the same: the election ticks and its id less one.
        var random = new RandomGenerator() {
            @Override
            public long nextLong() {
                return new Random(id).nextLong();
            }

            @Override
            public int nextInt(int bound) {
                return (int) Math.min(bound - 1, id - 1);
            }
        };
        return new RaftNode(config.withApplied(store.index()), disk, disk.hardState(), store.confState(), random);
    }

    RaftNode node() {
        return node;
    }

    MemoryDisk disk() {
        return disk;
    }

    SnapshotMetadata store() {
        return store;
    }

    /** Loses what was not synced; the store survives. */
    void restart() {
        disk.crashLosingEverything();
        unwritten.clear();
        acknowledgements.clear();
        installing = null;
        node = open();
    }

    boolean isBusy() {
        return installing == null && node.hasReady()
                || !diskHeld && !(unwritten.isEmpty() && acknowledgements.isEmpty());
    }

    /** Takes one Ready and carries it out, as far as the disk goes along. */
    void process(Trace trace) {
        if (installing == null && node.hasReady()) {
            Ready ready = node.ready();
            trace.ready(id, ready);
            network.addAll(ready.messages());
            installing = ready.snapshot();
            if (ready.hardState() != null
                    || !ready.entries().isEmpty()
                    || !ready.messagesAfterSync().isEmpty()) {
                unwritten.add(ready);
            }
            ready.committedEntries().forEach(this::apply);
        }
        if (!diskHeld) {
            persist(Integer.MAX_VALUE);
            acknowledge(Integer.MAX_VALUE);
            install();
        }
    }

    /** Writes and syncs up to {@code count} Readys; the core does not hear of it yet. */
    void persist(int count) {
        for (int i = 0; i < count && !unwritten.isEmpty(); i++) {
            Ready ready = unwritten.remove();
            disk.append(ready.hardState(), ready.entries());
            disk.sync();
            network.addAll(ready.messagesAfterSync());
            if (!ready.entries().isEmpty()) {
                acknowledgements.add(ready);
            }
        }
    }

    void acknowledge(int count) {
        for (int i = 0; i < count && !acknowledgements.isEmpty(); i++) {
            Ready ready = acknowledgements.remove();
            node.onPersisted(ready.term(), ready.entries().getLast().index());
        }
    }

    private void apply(Entry entry) {
        ConfState confState = store.confState();
        if (entry.type() == EntryType.CONF_CHANGE) {
            confState = node.applyConfChange(ConfChange.decode(entry.payload()));
        }
        store = new SnapshotMetadata(entry.index(), entry.term(), confState);
        node.onApplied(entry.index());
    }

    private void install() {
        SnapshotMetadata metadata = installing;
        if (metadata != null) {
            disk.reset(metadata);
            store = metadata;
            installing = null;
            node.onSnapshotInstalled(metadata);
        }
    }

    void compact(long index) {
        disk.cut(new SnapshotMetadata(index, disk.term(index), store.confState()));
    }

    List<Entry> log() {
        return disk.lastIndex() < disk.firstIndex()
                ? new ArrayList<>()
                : disk.entries(disk.firstIndex(), disk.lastIndex() + 1, Long.MAX_VALUE);
    }
}
