package dev.keelson.raft;

import dev.keelson.raft.cluster.MemoryDisk;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Node 1 of a cluster whose other members are the test: it hands in messages and reads what comes out. */
final class LoneNode {

    static final int ELECTION_TICKS = 10;

    final RaftNode node;
    final MemoryDisk disk = new MemoryDisk();
    final List<Message> sent = new ArrayList<>();
    final List<Entry> applied = new ArrayList<>();
    final List<ReadState> reads = new ArrayList<>();
    boolean diskHeld;

    /** A node that starts with a log of these terms, the first at index 1, all of it uncommitted. */
    LoneNode(ConfState confState, HardState hardState, long... terms) {
        var entries = new ArrayList<Entry>();
        for (long term : terms) {
            entries.add(entry(term, entries.size() + 1));
        }
        disk.append(hardState, entries);
        disk.sync();
        node = new RaftNode(RaftConfig.defaults(1), disk, hardState, confState, new Random(1));
    }

    static LoneNode ofThree(long term, long... terms) {
        return new LoneNode(ConfState.ofVoters(List.of(1L, 2L, 3L)), new HardState(term, 0, 0), terms);
    }

    static Entry entry(long term, long index) {
        return new Entry(term, index, EntryType.NORMAL, new byte[0]);
    }

    static Entry entry(long term, long index, ConfChange change) {
        return new Entry(term, index, EntryType.CONF_CHANGE, change.encode());
    }

    LoneNode step(Message message) {
        node.step(message);
        return drain();
    }

    LoneNode tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            node.tick();
            drain();
        }
        return this;
    }

    /** Votes of member 2 make it the leader of the next term. */
    LoneNode elect() {
        node.campaign();
        drain();
        step(new Message.PreVoteResponse(2, 1, node.term() + 1, true, 0, 0));
        step(new Message.VoteResponse(2, 1, node.term(), true, 0, 0));
        return this;
    }

    LoneNode acknowledge(long from, long index) {
        return step(new Message.AppendResponse(from, 1, node.term(), index, false, 0, 0));
    }

    LoneNode drain() {
        while (node.hasReady()) {
            Ready ready = node.ready();
            sent.addAll(ready.messages());
            sent.addAll(ready.messagesAfterSync());
            reads.addAll(ready.readStates());
            disk.append(ready.hardState(), ready.entries());
            if (!diskHeld) {
                disk.sync();
                if (!ready.entries().isEmpty()) {
                    node.onPersisted(ready.term(), ready.entries().getLast().index());
                }
            }
            ready.committedEntries().forEach(this::apply);
        }
        return this;
    }

    private void apply(Entry entry) {
        applied.add(entry);
        if (entry.type() == EntryType.CONF_CHANGE) {
            node.applyConfChange(ConfChange.decode(entry.payload()));
        }
        node.onApplied(entry.index());
    }

    /** The messages of one kind since the last call. */
    <M extends Message> List<M> take(Class<M> kind) {
        List<M> found = sent.stream().filter(kind::isInstance).map(kind::cast).toList();
        sent.clear();
        return found;
    }

    RaftStatus status() {
        return node.status();
    }
}
